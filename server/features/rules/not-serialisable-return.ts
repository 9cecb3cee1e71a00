import type { Method } from '../../parse/predictor/members.ts';
import { type Shape, shapeOf, soleValue, yields } from '../../parse/predictor/shapes.ts';
import type { Expression } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

/** Values that no answer can be made of, wherever they stand in it. */
const refused: Partial<Record<Shape, string>> = {
  set: 'a set',
  generator: 'a generator',
  iterator: 'an iterator',
  lambda: 'a lambda',
  function: 'a function',
  class: 'a class',
  module: 'a module',
  file: 'an open file',
  lock: 'a lock',
  object: 'an object()',
  datetime: 'a date',
  decimal: 'a Decimal',
  complex: 'a complex number',
  path: 'a Path',
};

/** Values that a batched `predict` may return for the whole batch. */
const batches = new Set<Shape>(['set', 'generator', 'iterator', 'list', 'tuple']);

export const notSerialisableReturn: PredictorRule = {
  code: 'not-serialisable-return',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`predict` or `health` returns something that no answer can be made of: a set, a generator, an open file, a class, `object()`, a date, or a dict or list with such a value or with bytes in it.',
    why: 'The request is answered 500. Answers are made of dict, list, tuple, str, bytes (alone, not inside), numbers, booleans, None, UUIDs, numpy arrays and scalars, and Starlette responses.',
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"labels": {label.lower() for label in payload["labels"]}}\n',
    good: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"labels": sorted({label.lower() for label in payload["labels"]})}\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'health')) {
      if (method.disguised) continue;
      const batching = method.name === 'predict' ? file.batching(predictor) : 'no';
      if (yields(method.definition)) {
        if (batching === 'no')
          yield {
            span: method.definition.nameSpan,
            message: `\`${method.name}\` has a \`yield\`: calling it makes a generator, which cannot be sent`,
          };
        continue;
      }
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        const [value] = node.kind === 'return' ? node.values : [];
        if (value) reports.push(...inReturn(file, method, value, batching));
      });
      yield* reports;
    }
  },
};

function inReturn(file: PredictorFile, method: Method, value: Expression, batching: ReturnType<PredictorFile['batching']>): Report[] {
  const shape = shapeOf(file.project, file.scope(method), value);
  // What could be a whole batch is looked at as one only where batching is surely off.
  if (batches.has(shape) && batching !== 'no')
    return value.kind === 'list' || value.kind === 'tuple' ? value.items.flatMap((item) => inside(file, method, item, false)) : [];
  return inside(file, method, value, false);
}

/** What cannot be sent of a value. `nested` values must be JSON: bytes stand alone or not at all. */
function inside(file: PredictorFile, method: Method, value: Expression, nested: boolean, depth = 0): Report[] {
  const scope = file.scope(method);
  const literal = value.kind === 'name' ? soleValue(scope, value.id)?.value : value;
  if (literal && depth < 8) {
    if (literal.kind === 'dict') {
      const below = literal.entries.flatMap((entry) => (entry.key ? inside(file, method, entry.value, true, depth + 1) : []));
      // A dict that is filled later is reported where it is written.
      return below;
    }
    if (literal.kind === 'list' || literal.kind === 'tuple')
      return literal.items.flatMap((item) => inside(file, method, item, true, depth + 1));
  }
  const shape = shapeOf(file.project, scope, value);
  const what =
    refused[shape] ??
    (nested && shape === 'bytes' ? 'bytes inside JSON' : nested && shape === 'response' ? 'a Response inside JSON' : undefined);
  return what === undefined ? [] : [{ span: value, message: `\`${method.name}\` returns ${what}, which cannot be sent` }];
}
