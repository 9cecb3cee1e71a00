import type { Predictor } from '../../parse/predictor/predictors.ts';
import { setKey } from '../edits/yaml-edits.ts';
import type { PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const severalPredictors: PredictorRule = {
  code: 'several-predictors',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'A file that is served has several predictor classes, and nothing says which of them is meant.',
    why: 'The worker does not guess: it stops at the start, and the model server never becomes ready. A class that derives from another predictor of the same file makes two.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Small(BasePredictor):\n    def predict(self, payload):\n        return "small"\n\n\nclass Large(BasePredictor):\n    def predict(self, payload):\n        return "large"\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nclassname: Small\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Small(BasePredictor):\n    def predict(self, payload):\n        return "small"\n\n\nclass Large(BasePredictor):\n    def predict(self, payload):\n        return "large"\n',
    },
  },
  *check(file): Generator<Report> {
    const { predictors } = file;
    const [first, second, ...others] = predictors;
    if (!first || !second) return;
    const unchosen = file.servings.filter((serving) => serving.classname === undefined);
    if (unchosen.length === 0) return;
    yield {
      span: second.definition.nameSpan,
      message: words('several-predictors', { file: file.shown, candidates: file.listed(predictors) }),
      related: [first, ...others].map((each) => ({ path: file.path, span: each.definition.nameSpan, message: 'another predictor' })),
      fixes: () =>
        predictors.filter(canAnswer).flatMap((predictor) => {
          const edits = unchosen.flatMap(({ yaml }) => (yaml ? [setKey(yaml.file, yaml.server, 'classname', predictor.name)] : []));
          return edits.length === 0 ? [] : [{ title: `Serve ${predictor.name}`, edits }];
        }),
    };
  },
};

/** A base that leaves `predict` to others cannot be served. */
function canAnswer(predictor: Predictor): boolean {
  return predictor.lineage.open || predictor.member('predict').kind !== 'none';
}
