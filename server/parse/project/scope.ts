import type { ClassDefinition, FunctionDefinition, Lambda } from '../python/ast.ts';
import { type Binding, type Bindings, bindingsOf } from './bindings.ts';
import type { Module } from './project.ts';

/** A place that names are looked up from: a module, a class's body, a function's body. */
export interface Scope {
  readonly module: Module;
  /** The class or function; none for the module itself. */
  readonly owner?: ClassDefinition | FunctionDefinition | Lambda;
  readonly parent?: Scope;
}

const ofOwner = new WeakMap<object, Bindings>();

function own(owner: ClassDefinition | FunctionDefinition | Lambda): Bindings {
  let bindings = ofOwner.get(owner);
  if (!bindings) {
    bindings = owner.kind === 'class' ? bindingsOf(owner.body) : bindingsOf(owner.kind === 'function' ? owner.body : [], owner.parameters);
    ofOwner.set(owner, bindings);
  }
  return bindings;
}

/** The names that a scope itself binds. */
export function bindingsIn(scope: Scope): Bindings {
  return scope.owner ? own(scope.owner) : scope.module.bindings;
}

/** A scope inside another one. */
export function enter(parent: Scope, owner: ClassDefinition | FunctionDefinition | Lambda): Scope {
  return { module: parent.module, owner, parent };
}

/**
 * The bindings of a name as Python finds them: the innermost scope that binds it; a class's names are not seen from the
 * functions in it. `scope` is the one that binds; none when only the module's star imports or the builtins can have it.
 */
export function lookup(scope: Scope, name: string): { scope: Scope; bindings: readonly Binding[] } | undefined {
  let innermost = true;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (innermost || at.owner?.kind !== 'class') {
      const { names, outer } = bindingsIn(at);
      const bindings = outer.has(name) ? undefined : names.get(name);
      if (bindings) return { scope: at, bindings };
    }
    innermost = false;
  }
  return undefined;
}
