import { pathOf } from '../../parse/yaml/spell-yaml.ts';
import { fileExists, pathFixes } from '../spell-yaml/paths.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const configFileMissing: SpellYamlRule = {
  code: 'config-file-missing',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`config` names a file that does not exist.',
    why: 'Serving is refused. The path starts at the folder of the `spell.yaml`; a config can also stand inline, as a mapping.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: conf.yaml\n',
      'config.yaml': 'threshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold=0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold=0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload\n',
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const entry = server.entries.get('config');
      const path = entry?.value.kind === 'scalar' ? pathOf(file.spellYaml, server, 'config') : undefined;
      if (!entry || path === undefined || fileExists(file.world, path) !== false) continue;
      yield {
        span: entry.value,
        message: `there is no file ${path}`,
        fixes: () => pathFixes(file, entry.value, path, /\.(?:ya?ml|json)$/),
      };
    }
  },
};
