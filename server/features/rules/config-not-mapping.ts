import type { YamlScalar } from '../../parse/yaml/yaml.ts';
import type { ConfigRule, Report } from './rule.ts';
import { words } from './words.ts';

export const configNotMapping: ConfigRule = {
  code: 'config-not-mapping',
  severity: 'error',
  subject: 'config',
  page: {
    what: 'The top level of a config file is a list or a single value.',
    why: 'Its keys are the arguments of `__init__`, so it must be a mapping. Serving with it is refused. `key:value` without a space after the colon is one text to YAML.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': '- cat\n- dog\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, labels=()):\n        self.labels = labels\n\n    def predict(self, payload):\n        return list(self.labels)\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'labels:\n  - cat\n  - dog\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, labels=()):\n        self.labels = labels\n\n    def predict(self, payload):\n        return list(self.labels)\n',
    },
  },
  *check(file): Generator<Report> {
    const { value } = file;
    const [receiver] = file.receivers;
    if (!value || value.kind === 'map' || !receiver) return;
    if (value.kind === 'scalar' && value.value === null) return;
    const found = value.kind === 'list' ? 'a list' : `a ${pythonType(value)}`;
    yield { span: value, message: words('config-not-mapping', { class: receiver.predictor.name, found }) };
  },
};

/** What Python calls the type of a scalar. */
function pythonType(value: YamlScalar): string {
  if (typeof value.value === 'string') return 'str';
  if (typeof value.value === 'boolean') return 'bool';
  return Number.isInteger(Number(value.value)) && !/[.eE]/.test(value.source) ? 'int' : 'float';
}
