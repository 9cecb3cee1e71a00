import { importEdits } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const noPredictor: PredictorRule = {
  code: 'no-predictor',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'A file that is served, by `spell.yaml` or by a running model server, has no class that derives from `BasePredictor`.',
    why: 'The worker looks for that class when it starts. Without one the model server never becomes ready.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py': 'def predict(payload):\n    return {"doubled": payload["value"] * 2}\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"doubled": payload["value"] * 2}\n',
    },
  },
  *check(file): Generator<Report> {
    if (!file.isEntrypoint || file.predictors.length > 0 || file.maybePredictors.length > 0 || file.importedPredictors.length > 0) return;
    if (file.file.problems.length > 0 || mayComeFromElsewhere(file)) return;
    const firstLine = { from: file.lines.start(0), to: file.lines.end(0) };
    yield {
      span: firstLine,
      message: words('no-predictor', { file: file.shown }),
      fixes: () => [
        {
          title: 'Add a predictor',
          preferred: true,
          edits: [
            ...importEdits(file, 'spell.serving', 'BasePredictor'),
            { path: file.path, span: { from: file.text.length, to: file.text.length }, text: skeleton(file) },
          ],
        },
      ],
    };
  },
};

/** Classes that an import may bring: unknown bases, star imports, or a predictor of another file. */
function mayComeFromElsewhere(file: PredictorFile): boolean {
  if (file.module.bindings.stars.length > 0) return true;
  for (const [name, bindings] of file.module.bindings.names) {
    const classLike = /^_*[A-Z]/.test(name) && name !== name.toUpperCase();
    if (bindings.some((binding) => binding.kind === 'import-from' && classLike && name !== 'BasePredictor')) return true;
    if (bindings.some((binding) => binding.kind === 'value' && binding.value.kind === 'call' && classLike)) return true;
  }
  return false;
}

function skeleton(file: PredictorFile): string {
  const { newline } = file.lines;
  const before = file.text === '' || /[\r\n]$/.test(file.text) ? '' : newline;
  const lines = [
    '',
    '',
    'class Predictor(BasePredictor):',
    '    def __init__(self):',
    '        pass',
    '',
    '    def predict(self, payload):',
    '        return payload',
    '',
  ];
  return before + lines.join(newline);
}
