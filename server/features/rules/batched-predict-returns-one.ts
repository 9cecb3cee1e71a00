import { type Shape, shapeOf } from '../../parse/predictor/shapes.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorRule, Report } from './rule.ts';

/** What a batch cannot be answered with, and how people call it. */
const refused: Partial<Record<Shape, string>> = {
  dict: 'one dict',
  str: 'one str',
  bytes: 'one bytes',
  response: 'one Response',
  number: 'one number',
  bool: 'one bool',
  none: 'None',
};

export const batchedPredictReturnsOne: PredictorRule = {
  code: 'batched-predict-returns-one',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'Batching is on, and `predict` returns one value for the whole batch.',
    why: 'A batched `predict` receives a list and must return one result for each item, in the same order. A dict or a text is refused, and every request of the batch is answered 500.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"count": len(payload)}\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return [{"length": len(item)} for item in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict')) {
      if (file.batching(predictor) !== 'yes' || method.disguised) continue;
      // Written for one request: that it cannot be batched is said of its parameter.
      if ([...file.injection(method).roles.values()].includes('request')) continue;
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        const [value] = node.kind === 'return' ? node.values : [];
        const found = value && refused[shapeOf(file.project, file.scope(method), value)];
        if (value && found)
          reports.push({
            span: value,
            message: `\`predict\` is batched and returns ${found} for the whole batch: it must return one result per item, in order`,
          });
      });
      yield* reports;
    }
  },
};
