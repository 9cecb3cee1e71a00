import { nearNames } from '../../../runtime/api/near-names.ts';
import { isPartial, textsStartingWith } from '../subjects/literals.ts';
import { servedModels } from '../world/model-files.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

const prefix = '/model/';

export const modelFileMissing: PredictorRule = {
  code: 'model-file-missing',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'A path under `/model/` names a file that the served model version does not have.',
    why: 'Opening it fails, usually in `__init__`, and the model server never becomes ready. The names come from the control plane; while it is not known what the version holds, nothing is reported.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: digits:v1\n',
      'predictor.py':
        'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/model/digit.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload]).tolist()\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: digits:v1\n',
      'predictor.py':
        'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/model/digits.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload]).tolist()\n',
    },
    told: { facts: { models: [{ name: 'digits', versions: [{ number: 1, custom: null, files: ['digits.joblib', 'labels.json'] }] }] } },
  },
  dependsOnContext: true,
  *check(file): Generator<Report> {
    if (file.predictors.length === 0 || !file.text.includes(prefix)) return;
    const served = file.servings.map((serving) => servedModels(file.world, serving));
    const known = served.flatMap((models) => (models ? [models] : []));
    if (known.length === 0 || known.length < served.length) return;
    for (const placed of textsStartingWith(file, prefix)) {
      const path = placed.literal.value.slice(prefix.length).replace(/\/+$/, '');
      if (path === '' || isPartial(placed)) continue;
      const lacking = known.find(
        (models) => !models.some(({ files }) => files.some((each) => each === path || each.startsWith(`${path}/`))),
      );
      if (!lacking) continue;
      const files = lacking.flatMap((model) => model.files);
      const near = nearNames(path, files);
      const { content } = placed.literal;
      yield {
        span: placed.literal,
        message: `${lacking.map((model) => model.label).join(' and ')} ${lacking.length === 1 ? 'has' : 'have'} no file ${path}${near.length > 0 ? `: did you mean ${near.join(' or ')}?` : `; there ${files.length === 1 ? 'is' : 'are'} ${listed(files)}`}`,
        fixes: (): Fix[] =>
          content
            ? near.map((name, index) => ({
                title: `Use ${prefix}${name}`,
                preferred: index === 0,
                edits: [{ path: file.path, span: content, text: prefix + name }],
              }))
            : [],
      };
    }
  },
};

function listed(files: readonly string[]): string {
  const most = 5;
  return files.slice(0, most).join(', ') + (files.length > most ? `, and ${files.length - most} more` : '');
}
