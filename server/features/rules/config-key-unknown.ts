import { nearNames } from '../../../runtime/api/near-names.ts';
import type { ConfigFile } from '../subjects/config-file.ts';
import type { ConfigRule, Fix, Report } from './rule.ts';
import { words } from './words.ts';

export const configKeyUnknown: ConfigRule = {
  code: 'config-key-unknown',
  severity: 'error',
  subject: 'config',
  page: {
    what: 'A config file has a key that `__init__` of the predictor does not accept.',
    why: 'Each key becomes a keyword argument. The worker refuses to start with one that has no parameter, rather than to ignore a setting that somebody meant.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'treshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold=0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload["score"] > self.threshold\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold=0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload["score"] > self.threshold\n',
    },
  },
  *check(file: ConfigFile): Generator<Report> {
    const { value } = file;
    if (value?.kind !== 'map') return;
    const reported = new Set<string>();
    for (const { file: python, predictor, init } of file.receivers) {
      // Without an `__init__` of the project's own, an unknown base may have one.
      if (
        (!init && (predictor.lineage.open || predictor.member('__init__').kind !== 'none')) ||
        init?.disguised ||
        python.file.problems.length > 0
      )
        continue;
      const parameters = init ? python.callParameters(init) : [];
      if (parameters.some((parameter) => parameter.kind === 'kwargs')) continue;
      const names = parameters.filter((each) => each.kind === 'positional' || each.kind === 'keyword-only').map((each) => each.name);
      for (const entry of value.entries) {
        if (entry.key === '' || names.includes(entry.key) || reported.has(entry.key)) continue;
        reported.add(entry.key);
        const near = nearNames(entry.key, names);
        yield {
          span: entry.keySpan,
          message: words('config-key-unknown', { class: predictor.name, key: entry.key }),
          ...(init
            ? {
                related: [
                  {
                    path: init.owner.module.path,
                    span: init.definition.parametersSpan,
                    message: `what \`${predictor.name}.__init__\` accepts`,
                  },
                ],
              }
            : {}),
          fixes: (): Fix[] =>
            near.map((name, index) => ({
              title: `Rename to \`${name}\``,
              preferred: index === 0,
              edits: [{ path: file.path, span: entry.keySpan, text: entry.quotedKey ? JSON.stringify(name) : name }],
            })),
        };
      }
    }
  },
};
