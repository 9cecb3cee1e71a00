import { batches } from '../../parse/yaml/spell-yaml.ts';
import { removeEntry, setKey } from '../edits/yaml-edits.ts';
import { batchKeys } from '../spell-yaml/keys.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const batchKeysWithoutBatching: SpellYamlRule = {
  code: 'batch-keys-without-batching',
  severity: 'information',
  subject: 'spell.yaml',
  page: {
    what: 'A setting of batching stands in a `spell.yaml` that does not turn batching on.',
    why: 'It has no effect. `max-batch-size` and `request-timeout` turn batching on by themselves, unless `enable-batching` says false.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nbatch-policy: fixed\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nbatch-policy: fixed\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return [item for item in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      if (batches(server)) continue;
      for (const key of batchKeys) {
        const entry = server.entries.get(key);
        if (!entry) continue;
        yield {
          span: entry.keySpan,
          message: `${key} has no effect: batching is off`,
          fixes: () => [
            { title: 'Turn batching on', edits: [setKey(file.spellYaml, server, 'enable-batching', 'true')] },
            { title: `Remove ${key}`, edits: [removeEntry(file.path, file.text, file.lines, entry)] },
          ],
        };
      }
    }
  },
};
