import { type Method, scopeOf, selfName } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { yields } from '../../parse/predictor/shapes.ts';
import { meanings } from '../../parse/project/meaning.ts';
import type { Module } from '../../parse/project/project.ts';
import { enter, type Scope } from '../../parse/project/scope.ts';
import type { Call, FunctionDefinition, Node } from '../../parse/python/ast.ts';
import { mayReturn, walkUntested } from '../../parse/python/walk-untested.ts';
import type { PredictorFile } from './predictor-file.ts';

/** A function of the project that a method calls. */
export interface Called {
  readonly module: Module;
  readonly definition: FunctionDefinition;
  readonly scope: Scope;
}

/**
 * The function that surely runs where a method calls it: one of the project's, or a method of the predictor that no
 * subclass beside it replaces. Undefined for a decorated one, which may run once and be remembered.
 */
export function calledBy(file: PredictorFile, predictor: Predictor, method: Method, { callee }: Call): Called | undefined {
  const called =
    callee.kind === 'attribute' && callee.object.kind === 'name' && callee.object.id === selfName(method)
      ? ownMethod(file, predictor, callee.name)
      : projectFunction(file, method, callee);
  return called && called.definition.decorators.length === 0 && !yields(called.definition) ? called : undefined;
}

function ownMethod(file: PredictorFile, predictor: Predictor, name: string): Called | undefined {
  const derived = file.predictors.some(
    (each) => each !== predictor && each.lineage.classes.some(({ definition }) => definition === predictor.definition),
  );
  const method = derived ? undefined : predictor.method(name);
  return method && { module: method.owner.module, definition: method.definition, scope: scopeOf(method) };
}

function projectFunction(file: PredictorFile, method: Method, callee: Call['callee']): Called | undefined {
  const [only, ...more] = meanings(file.project, file.scope(method), callee);
  if (only?.kind !== 'function' || more.length > 0) return undefined;
  const { module, definition } = only;
  // One inside another function sees names that are not looked up here.
  if (!module.bindings.names.get(definition.name)?.some((binding) => binding.kind === 'function' && binding.definition === definition))
    return undefined;
  return { module, definition, scope: enter({ module }, definition) };
}

/** Visits what runs each time that a function is called: not what a cache in front of it would spare. */
export function walkCalled({ definition }: Called, visit: (node: Node) => void): void {
  walkUntested(definition.body, visit, mayReturn);
}
