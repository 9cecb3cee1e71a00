import { externalName } from '../project/meaning.ts';
import type { ClassRef, Project } from '../project/project.ts';
import { bindingsIn, type Scope } from '../project/scope.ts';
import type { Decorator, FunctionDefinition } from '../python/ast.ts';
import type { Lineage } from './lineage.ts';

/** A method as a predictor has it: its own, or a base's. */
export interface Method {
  readonly name: string;
  readonly definition: FunctionDefinition;
  /** The class that defines it. */
  readonly owner: ClassRef;
  readonly binding: 'instance' | 'static' | 'class';
  /** It is decorated by something that may change its parameters. */
  readonly disguised: boolean;
}

/** What a class has under a name. */
export type Member =
  | { readonly kind: 'method'; readonly method: Method }
  /** Assigned, or defined in branches. */
  | { readonly kind: 'other' }
  | { readonly kind: 'none' };

/** Decorators that leave the parameters as they are. */
const transparent = new Set([
  'builtins.staticmethod',
  'builtins.classmethod',
  'abc.abstractmethod',
  'typing.override',
  'typing_extensions.override',
  'typing.no_type_check',
  'functools.cache',
  'functools.lru_cache',
  'torch.no_grad',
  'torch.inference_mode',
  'torch.autograd.no_grad',
  'spell.serving.with_full_request',
  'spell.serving.with_background_tasks',
]);

/** Finds a method or attribute in a class and its bases. */
export function memberOf(project: Project, lineage: Lineage, name: string): Member {
  for (const owner of lineage.classes) {
    const scope: Scope = { module: owner.module, owner: owner.definition, parent: { module: owner.module } };
    const bindings = bindingsIn(scope).names.get(name);
    const last = bindings?.at(-1);
    if (!bindings || !last) continue;
    if (last.kind !== 'function' || last.condition !== 'always') return { kind: 'other' };
    return { kind: 'method', method: methodOf(project, owner, last.definition) };
  }
  return { kind: 'none' };
}

/** A function that stands in a class's body, as the class's method. */
export function methodOf(project: Project, owner: ClassRef, definition: FunctionDefinition): Method {
  const names = definition.decorators.map((decorator) => decoratorName(project, owner, decorator));
  return {
    name: definition.name,
    definition,
    owner,
    binding: names.includes('builtins.staticmethod') ? 'static' : names.includes('builtins.classmethod') ? 'class' : 'instance',
    disguised: names.some((name) => name === undefined || !transparent.has(name)),
  };
}

/** The dotted name of a decorator, called or not. */
export function decoratorName(project: Project, owner: ClassRef, decorator: Decorator): string | undefined {
  const { expression } = decorator;
  return externalName(project, { module: owner.module }, expression.kind === 'call' ? expression.callee : expression);
}

/** The parameters that a caller fills: without `self` or `cls`. */
export function callParameters(method: Method): FunctionDefinition['parameters'] {
  const { parameters } = method.definition;
  const [first] = parameters;
  const bound = method.binding !== 'static' && first !== undefined && (first.kind === 'positional' || first.kind === 'positional-only');
  return bound ? parameters.slice(1) : parameters;
}

/** The name by which a method knows its predictor: `self`, as a rule. */
export function selfName(method: Method): string | undefined {
  return method.binding === 'instance' ? method.definition.parameters[0]?.name : undefined;
}

/** The scope of a method's body. */
export function scopeOf(method: Method): Scope {
  const module: Scope = { module: method.owner.module };
  const inClass: Scope = { module: method.owner.module, owner: method.owner.definition, parent: module };
  return { module: method.owner.module, owner: method.definition, parent: inClass };
}
