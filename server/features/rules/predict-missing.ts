import type { Predictor } from '../../parse/predictor/predictors.ts';
import { addMethodEdit } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { isImported } from '../world/importers.ts';
import type { PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const predictMissing: PredictorRule = {
  code: 'predict-missing',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'A predictor has no method `predict`, neither its own nor one of its bases in the project.',
    why: 'The worker refuses to start: there would be nothing to answer requests with.',
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.factor = 2\n',
    good: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.factor = 2\n\n    def predict(self, payload):\n        return {"result": payload["value"] * self.factor}\n',
  },
  *check(file): Generator<Report> {
    for (const predictor of file.predictors) {
      if (predictor.lineage.open || predictor.member('predict').kind !== 'none') continue;
      if (!file.isWhole(predictor) || !isServed(file, predictor)) continue;
      yield {
        span: predictor.definition.nameSpan,
        message: words('predict-missing', { class: predictor.name, method: 'predict' }),
        fixes: () => [
          {
            title: 'Add `predict`',
            preferred: true,
            edits: [addMethodEdit(file, predictor.definition, ['def predict(self, payload):', '    return payload'])],
          },
        ],
      };
    }
  },
};

/**
 * Whether a class without `predict` is meant to be served as it is. One that others derive from, or that looks like a
 * base, is not; where nothing says what is served, only the one predictor of a project without `spell.yaml` is taken for it.
 */
function isServed(file: PredictorFile, predictor: Predictor): boolean {
  if (file.servingsOf(predictor).length > 0) return true;
  if (file.isEntrypoint || file.predictors.length > 1 || file.maybePredictors.length > 0 || isImported(file.world, file.path)) return false;
  if (/^_|^(?:Base|Abstract)|(?:Base|Mixin)$/.test(predictor.name) || predictor.lineage.external.some((path) => path.startsWith('abc.')))
    return false;
  const abstract = predictor.definition.body.some(
    (statement) =>
      statement.kind === 'function' &&
      (/\babstractmethod\b/.test(file.read({ from: statement.from, to: statement.keyword })) ||
        /\bNotImplementedError\b/.test(file.read(statement))),
  );
  return !abstract && !file.hasNeighbouringSpellYaml && /predict/i.test(predictor.name + file.name);
}
