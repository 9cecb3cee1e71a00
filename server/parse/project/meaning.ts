import type { Expression } from '../python/ast.ts';
import type { Binding } from './bindings.ts';
import { builtins } from './builtins.ts';
import { canonical, starExports } from './known.ts';
import { parentOf } from './paths.ts';
import type { ClassRef, FunctionRef, ImportTarget, Module, Project } from './project.ts';
import { bindingsIn, lookup, type Scope } from './scope.ts';

/** What an expression may stand for. */
export type Meaning =
  | ({ readonly kind: 'class' } & ClassRef)
  | ({ readonly kind: 'function' } & FunctionRef)
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'folder'; readonly folder: string }
  /** Something outside the project, by its dotted name: `numpy.array`, `builtins.open`. */
  | { readonly kind: 'external'; readonly path: string }
  /** A value that was assigned; `scope` is the one to read the expression in. */
  | { readonly kind: 'value'; readonly value: Expression; readonly scope: Scope }
  | { readonly kind: 'unknown' };

const unknown: Meaning = { kind: 'unknown' };
const deepest = 20;

/**
 * All that an expression of names and dots may stand for where it stands. More than one where a branch decides
 * (`try: import a except ImportError: import b`).
 */
export function meanings(project: Project, scope: Scope, expression: Expression, depth = 0): readonly Meaning[] {
  if (depth > deepest) return [unknown];
  if (expression.kind === 'name') return ofName(project, scope, expression.id, depth);
  if (expression.kind === 'attribute')
    return meanings(project, scope, expression.object, depth + 1).flatMap((object) => member(project, object, expression.name, depth + 1));
  // `Generic[T]` is a Generic.
  if (expression.kind === 'subscript') return meanings(project, scope, expression.object, depth + 1);
  return [unknown];
}

/** What a name of a module stands for when it is taken from outside: `from module import name`. */
export function exported(project: Project, module: Module, name: string, depth = 0): readonly Meaning[] {
  if (depth > deepest) return [unknown];
  const scope: Scope = { module };
  const own = module.bindings.names.get(name);
  if (own) return own.flatMap((binding) => ofBinding(project, scope, binding, depth + 1));
  return throughStars(project, scope, name, depth + 1) ?? submodule(project, module, name) ?? [unknown];
}

function submodule(project: Project, module: Module, name: string): readonly Meaning[] | undefined {
  if (!module.path.endsWith('/__init__.py')) return undefined;
  const target = project.child(parentOf(module.path), name);
  return target ? [ofTarget(target)] : undefined;
}

function ofName(project: Project, scope: Scope, name: string, depth: number): readonly Meaning[] {
  const found = lookup(scope, name);
  if (found) return found.bindings.flatMap((binding) => ofBinding(project, found.scope, binding, depth + 1));
  const moduleScope: Scope = { module: scope.module };
  return (
    throughStars(project, moduleScope, name, depth + 1) ?? [builtins.has(name) ? { kind: 'external', path: `builtins.${name}` } : unknown]
  );
}

/** A name that `from … import *` may bring; undefined when none can. */
function throughStars(project: Project, scope: Scope, name: string, depth: number): readonly Meaning[] | undefined {
  if (depth > deepest || name.startsWith('_')) return undefined;
  // The last one wins, as in Python.
  for (const star of bindingsIn(scope).stars.toReversed()) {
    const target = project.import(scope.module.path, star.module, star.level);
    if (target.kind === 'module') {
      if (target.module.bindings.names.has(name) || throughStars(project, { module: target.module }, name, depth + 1))
        return exported(project, target.module, name, depth + 1);
    } else if (target.kind === 'external') {
      const names = starExports[target.path];
      if (names?.includes(name)) return [{ kind: 'external', path: canonical(`${target.path}.${name}`) }];
      if (!names && !builtins.has(name)) return [unknown];
    } else if (target.kind === 'unknown' && !builtins.has(name)) return [unknown];
  }
  return undefined;
}

function ofBinding(project: Project, scope: Scope, binding: Binding, depth: number): readonly Meaning[] {
  const { module } = scope;
  switch (binding.kind) {
    case 'class':
      return [{ kind: 'class', module, definition: binding.definition }];
    case 'function':
      return [{ kind: 'function', module, definition: binding.definition }];
    case 'import': {
      const { name, alias } = binding.imported;
      // `import a.b` binds `a`; `import a.b as c` binds `a.b`.
      return [ofTarget(project.import(module.path, alias ? name : (name.split('.')[0] ?? name)))];
    }
    case 'import-from': {
      const target = project.import(module.path, binding.statement.module, binding.statement.level);
      return member(project, ofTarget(target), binding.imported.name, depth + 1);
    }
    case 'value':
      return alias(project, scope, binding.value, depth) ?? [{ kind: 'value', value: binding.value, scope }];
    default:
      return [unknown];
  }
}

/** `Alias = module.Thing` stands for the thing; any other value for itself. */
function alias(project: Project, scope: Scope, value: Expression, depth: number): readonly Meaning[] | undefined {
  if (value.kind !== 'name' && value.kind !== 'attribute') return undefined;
  const found = meanings(project, scope, value, depth + 1);
  return found.every((meaning) => meaning.kind === 'unknown') ? undefined : found;
}

function ofTarget(target: ImportTarget): Meaning {
  switch (target.kind) {
    case 'module':
      return { kind: 'module', module: target.module };
    case 'folder':
      return { kind: 'folder', folder: target.folder };
    case 'external':
      return { kind: 'external', path: canonical(target.path) };
    default:
      return unknown;
  }
}

/** What `object.name` stands for. */
function member(project: Project, object: Meaning, name: string, depth: number): readonly Meaning[] {
  if (object.kind === 'external') return [{ kind: 'external', path: canonical(`${object.path}.${name}`) }];
  if (object.kind === 'module') return exported(project, object.module, name, depth + 1);
  if (object.kind === 'folder') {
    const target = project.child(object.folder, name);
    return [target ? ofTarget(target) : unknown];
  }
  return [unknown];
}

/** The dotted name of what an expression certainly stands for outside the project, or undefined. */
export function externalName(project: Project, scope: Scope, expression: Expression): string | undefined {
  const names = new Set(meanings(project, scope, expression).map((meaning) => (meaning.kind === 'external' ? meaning.path : undefined)));
  const [only] = names;
  return names.size === 1 ? only : undefined;
}

/** Whether an expression may stand for something outside the project: also where one of several branches decides. */
export function mayBe(project: Project, scope: Scope, expression: Expression, path: string): boolean {
  return meanings(project, scope, expression).some((meaning) => meaning.kind === 'external' && meaning.path === path);
}
