import { settingName } from '../../parse/yaml/spell-yaml.ts';
import type { YamlEntry } from '../../parse/yaml/yaml.ts';
import { removeEntry } from '../edits/yaml-edits.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const duplicateKey: SpellYamlRule = {
  code: 'duplicate-key',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'A key stands twice in one `spell.yaml`.',
    why: 'One of the two would be ignored, so serving is refused. Several model servers in one file are parted by a line `---`.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 1\nmin_pods: 2\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const first = new Map<string, YamlEntry>();
      for (const entry of server.map.entries) {
        const name = settingName(entry.key);
        const before = first.get(name);
        if (name === '' || name === '<<') continue;
        if (!before) first.set(name, entry);
        else
          yield {
            span: entry.keySpan,
            message: `${name} stands twice`,
            related: [{ path: file.path, span: before.keySpan, message: 'it stands here already' }],
            fixes: () => [{ title: 'Remove this one', edits: [removeEntry(file.path, file.text, file.lines, entry)] }],
          };
      }
    }
  },
};
