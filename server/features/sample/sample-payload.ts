import type { Predictor } from '../../parse/predictor/predictors.ts';
import type { Expression } from '../../parse/python/ast.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { fromAnnotation } from './from-annotation.ts';
import { fromUse } from './from-use.ts';
import type { Json } from './json.ts';

/**
 * A payload that a predictor could be asked with: by the annotation of the parameter that takes it, else by the keys that the
 * method takes out of it. It has the right shape and no meaning. Undefined where neither tells anything.
 */
export function samplePayload(file: PredictorFile, classname?: string): Json | undefined {
  const predictor = predictorOf(file, classname);
  // `prepare` gets one payload also where `predict` gets a batch.
  const prepare = predictor?.method('prepare');
  const method = prepare ?? predictor?.method('predict');
  if (!predictor || !method) return undefined;
  const name = file.payloadOf(method);
  const parameter = file.callParameters(method).find((each) => each.name === name);
  if (name === undefined || !parameter) return undefined;
  const batch = !prepare && file.batching(predictor) === 'yes';
  const scope = file.scope(method);
  const annotation = parameter.annotation && (batch ? itemOf(parameter.annotation) : parameter.annotation);
  const declared = annotation && fromAnnotation(file.project, scope.parent ?? scope, annotation);
  const { body } = method.definition;
  return declared ?? fromUse(body, name, batch);
}

function predictorOf(file: PredictorFile, classname: string | undefined): Predictor | undefined {
  const named = classname ?? file.servings.find((serving) => serving.classname !== undefined)?.classname;
  const all = [...file.predictors, ...file.importedPredictors];
  return all.find((each) => each.name === named) ?? all[0];
}

/** `T` of `list[T]`. */
function itemOf(annotation: Expression): Expression | undefined {
  return annotation.kind === 'subscript' ? annotation.indices[0] : undefined;
}
