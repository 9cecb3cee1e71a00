import type { Predictor } from '../../parse/predictor/predictors.ts';
import type { FunctionDefinition } from '../../parse/python/ast.ts';
import type { Edit } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { addMethodAfter } from './python-edits.ts';

/** Makes `predict` the method `prepare`, which still answers one request at a time, and a `predict` that passes the batch of answers through. */
export function answerInPrepare(file: PredictorFile, predictor: Predictor, definition: FunctionDefinition): Edit[] {
  return [
    { path: file.path, span: definition.nameSpan, text: 'prepare' },
    addMethodAfter(file, predictor.definition, definition, ['def predict(self, payload):', '    return payload']),
  ];
}
