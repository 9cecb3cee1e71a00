import type { Predictor } from '../../parse/predictor/predictors.ts';
import { yields } from '../../parse/predictor/shapes.ts';
import type { FunctionDefinition } from '../../parse/python/ast.ts';
import { answerInPrepare } from '../edits/answer-in-prepare.ts';
import { addMethodAfter } from '../edits/python-edits.ts';
import { setKey } from '../edits/yaml-edits.ts';
import type { Fix } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';

/**
 * Turns an unbatched predictor into a batched one that answers the same: what `predict` did becomes `_predict_one`,
 * and `predict` goes through the batch. A predictor that wants the `Request` keeps it: its whole `predict` becomes
 * `prepare`, which answers, and the batch passes the answers through.
 */
export function convertToBatching(file: PredictorFile, predictor: Predictor): Fix | undefined {
  const method = predictor.ownMethods().find((each) => each.name === 'predict');
  if (!method || method.disguised || method.binding !== 'instance' || !file.isWhole(predictor)) return undefined;
  if (file.batching(predictor) === 'yes' || predictor.member('prepare').kind !== 'none' || yields(method.definition)) return undefined;
  const { roles, parameters, certain } = file.injection(method);
  const payload = file.payloadOf(method);
  // Whoever calls `self.predict` means the one of now.
  if (!certain || /\b_predict_one\b|\bself\.predict\b/.test(file.read(predictor.definition))) return undefined;
  const { definition } = method;
  const request = parameters.some((parameter) => roles.get(parameter.name) === 'request');
  const yaml = file
    .servingsOf(predictor)
    .flatMap((serving) => (serving.yaml ? [setKey(serving.yaml.file, serving.yaml.server, 'enable-batching', 'true')] : []));
  const title = 'Convert to batching';
  if (request) return { title, edits: [...answerInPrepare(file, predictor, definition), ...yaml] };
  // Background tasks are one object for the whole batch.
  if (payload === undefined || parameters.some((parameter) => roles.get(parameter.name) === 'tasks') || hasDecorators(definition))
    return undefined;
  const lines = definition.async
    ? ['async def predict(self, payload):', '    return [await self._predict_one(item) for item in payload]']
    : ['def predict(self, payload):', '    return [self._predict_one(item) for item in payload]'];
  const rename = { path: file.path, span: definition.nameSpan, text: '_predict_one' };
  return { title, edits: [rename, addMethodAfter(file, predictor.definition, definition, lines), ...yaml] };
}

function hasDecorators(definition: FunctionDefinition): boolean {
  return definition.decorators.length > 0;
}
