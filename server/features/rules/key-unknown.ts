import { nearNames } from '../../../runtime/api/near-names.ts';
import { settingName } from '../../parse/yaml/spell-yaml.ts';
import { keys } from '../spell-yaml/keys.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';

export const keyUnknown: SpellYamlRule = {
  code: 'key-unknown',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`spell.yaml` has a key that is no setting of a model server.',
    why: 'Serving from the file is refused, rather than to ignore a setting that somebody meant. Every key is called like its flag of `spell server serve`; underscores are read as dashes.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pod: 2\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      for (const entry of server.map.entries) {
        const name = settingName(entry.key);
        if (entry.key === '' || entry.key === '<<' || keys.has(name)) continue;
        const near = nearNames(name, [...keys.keys()]);
        yield {
          span: entry.keySpan,
          message: `there is no setting ${JSON.stringify(entry.key)}${near[0] === undefined ? '' : `: did you mean ${near[0]}?`}`,
          fixes: (): Fix[] =>
            near
              .filter((each) => !server.entries.has(each))
              .map((each, index) => ({
                title: `Rename to ${each}`,
                preferred: index === 0,
                edits: [{ path: file.path, span: entry.keySpan, text: each }],
              })),
        };
      }
    }
  },
};
