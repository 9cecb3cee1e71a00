import type { Project } from '../project/project.ts';
import type { Argument, Decorator, Parameter } from '../python/ast.ts';
import type { Span } from '../text/span.ts';
import { type Asked, askedBy } from './annotations.ts';
import { callParameters, decoratorName, type Method, scopeOf } from './members.ts';

/** What a parameter receives. `default` keeps its default, `variadic` takes nothing. */
export type Role = 'payload' | 'request' | 'tasks' | 'default' | 'variadic' | 'unfilled';

/** One of our decorators on a method. */
export interface Injector {
  readonly decorator: Decorator;
  /** As people write it: `with_full_request`. */
  readonly label: string;
  readonly role: 'request' | 'tasks';
  /** The parameter that it names; undefined when that is not written as a text. */
  readonly parameter?: string;
  /** Where the name is written, when it is. */
  readonly nameSpan?: Span;
}

/** How a method is called, by the rules that the worker follows (`spec/behaviour.md` §1). */
export interface Injection {
  readonly parameters: readonly Parameter[];
  readonly injectors: readonly Injector[];
  readonly roles: ReadonlyMap<string, Role>;
  /** Parameters without a default that nothing fills, the one that takes the payload among them. */
  readonly needed: readonly Parameter[];
  /** What the annotations ask for, where they are written. */
  readonly annotated: ReadonlyMap<string, readonly Asked[]>;
  /** Nothing about it had to be guessed. */
  readonly certain: boolean;
}

const ours: Record<string, { label: string; role: 'request' | 'tasks'; parameter: string }> = {
  'spell.serving.with_full_request': { label: 'with_full_request', role: 'request', parameter: 'request' },
  'spell.serving.with_background_tasks': { label: 'with_background_tasks', role: 'tasks', parameter: 'tasks' },
};

/** Our decorators on a method, in the order in which they are written. */
export function injectorsOf(project: Project, method: Method): Injector[] {
  return method.definition.decorators.flatMap((decorator): Injector[] => {
    const known = ours[decoratorName(project, method.owner, decorator) ?? ''];
    if (!known) return [];
    const { expression } = decorator;
    const args: readonly Argument[] = expression.kind === 'call' ? expression.args : [];
    const named = args.find((argument) => argument.name === 'name') ?? args.find((argument) => argument.name === undefined);
    if (!named) return [{ decorator, ...known }];
    const { label, role } = known;
    if (named.value.kind !== 'string' || named.stars > 0) return [{ decorator, label, role }];
    return [{ decorator, label, role, parameter: named.value.value, nameSpan: named.value.content ?? named.value }];
  });
}

/** Works out which parameter of a method receives what. */
export function injectionOf(project: Project, method: Method): Injection {
  const parameters = callParameters(method);
  const scope = scopeOf(method);
  // Annotations are read where the class's body stands.
  const annotationScope = scope.parent ?? scope;
  const injectors = injectorsOf(project, method);
  const annotated = new Map(
    parameters.flatMap((parameter) =>
      parameter.annotation ? [[parameter.name, askedBy(project, annotationScope, parameter.annotation)] as const] : [],
    ),
  );
  const roles = new Map<string, Role>();
  for (const parameter of parameters) {
    const asked = annotated.get(parameter.name)?.find((each) => each === 'request' || each === 'tasks');
    if (asked === 'request' || asked === 'tasks') roles.set(parameter.name, asked);
  }
  for (const injector of injectors) {
    if (injector.parameter !== undefined && parameters.some((each) => each.name === injector.parameter))
      roles.set(injector.parameter, injector.role);
  }
  const injected = roles.size > 0;
  const rest = parameters.filter((parameter) => !roles.has(parameter.name));
  const named = rest.filter((parameter) => parameter.kind !== 'args' && parameter.kind !== 'kwargs');
  const needed = named.filter((parameter) => !parameter.default);
  for (const parameter of rest) roles.set(parameter.name, parameter.default ? 'default' : isVariadic(parameter) ? 'variadic' : 'unfilled');
  const health = method.name === 'health';
  const payload = needed[0] ?? (injected || health ? undefined : (named[0] ?? rest.find((parameter) => parameter.kind === 'args')));
  if (payload) roles.set(payload.name, health ? 'request' : 'payload');
  const doubtful = needed.some((parameter) => annotated.get(parameter.name)?.includes('unknown') === true && needed.length > 1);
  const certain = !method.disguised && !doubtful && injectors.every((injector) => injector.parameter !== undefined);
  return { parameters, injectors, roles, needed, annotated, certain };
}

function isVariadic(parameter: Parameter): boolean {
  return parameter.kind === 'args' || parameter.kind === 'kwargs';
}
