import type { ClassDefinition } from '../../parse/python/ast.ts';
import { statementsOf } from '../../parse/python/file.ts';
import type { Span } from '../../parse/text/span.ts';
import { importEdits } from '../edits/python-edits.ts';
import { configOf } from '../subjects/config-values.ts';
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
      fixes: () => {
        const imports = importEdits(file, 'spell.serving', 'BasePredictor');
        const lacking = classesWithPredict(file);
        if (lacking.length > 0)
          return lacking.map((definition) => ({
            title: `Derive ${definition.name} from BasePredictor`,
            preferred: lacking.length === 1,
            edits: [...imports, { path: file.path, span: basesSpan(file, definition), text: '(BasePredictor)' }],
          }));
        if (file.module.bindings.names.has('Predictor')) return [];
        const end = { from: file.text.length, to: file.text.length };
        return [{ title: 'Add a predictor', preferred: true, edits: [...imports, { path: file.path, span: end, text: skeleton(file) }] }];
      },
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

/** Classes that are predictors in all but name: they have `predict`, and no base. */
function classesWithPredict(file: PredictorFile): ClassDefinition[] {
  return statementsOf(file.file).filter(
    (statement): statement is ClassDefinition =>
      statement.kind === 'class' &&
      statement.args.every(({ name, value }) => name === undefined && value.kind === 'name' && value.id === 'object') &&
      statement.body.some((each) => each.kind === 'function' && each.name === 'predict'),
  );
}

/** From a class's name to its colon. */
function basesSpan(file: PredictorFile, { nameSpan, bodySpan }: ClassDefinition): Span {
  const colon = file.text.indexOf(':', nameSpan.to);
  return { from: nameSpan.to, to: Math.min(colon, bodySpan.to) };
}

/** The keys of the configs that the file is served with, which `__init__` has to accept. */
function configKeys(file: PredictorFile): string[] {
  const values = file.servings.map((serving) => configOf(file.world, serving)?.value);
  const keys = values.flatMap((value) => (value?.kind === 'map' ? value.entries.map((entry) => entry.key) : []));
  return [...new Set(keys)].filter((key) => /^[A-Za-z_]\w*$/.test(key));
}

function skeleton(file: PredictorFile): string {
  const { newline } = file.lines;
  const keys = configKeys(file);
  const before = file.text === '' || /[\r\n]$/.test(file.text) ? '' : newline;
  const lines = [
    '',
    '',
    'class Predictor(BasePredictor):',
    `    def __init__(${['self', ...keys].join(', ')}):`,
    ...(keys.length === 0 ? ['        pass'] : keys.map((key) => `        self.${key} = ${key}`)),
    '',
    '    def predict(self, payload):',
    '        return payload',
    '',
  ];
  return before + lines.join(newline);
}
