import { maxNameLength, nameProblem } from '../../../runtime/api/names.ts';
import { yamlText } from '../edits/yaml-edits.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';

export const serverName: SpellYamlRule = {
  code: 'server-name',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: "The model server's name breaks the naming rules.",
    why: 'The name is part of the endpoint: letters, digits, ".", "-" and "_", the first one a letter or a digit, no two symbols side by side. Serving is refused otherwise.',
    bad: {
      'spell.yaml': 'server-name: my server\nentrypoint: predictor.py\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'server-name: my-server\nentrypoint: predictor.py\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const value = server.entries.get('server-name')?.value;
      if (!value) continue;
      const name = value.kind === 'scalar' ? value.source : '';
      const problem = value.kind === 'scalar' && value.value !== null ? nameProblem('model server', name) : 'server-name takes a text';
      if (problem === undefined) continue;
      const legal = name
        .normalize('NFKD')
        .replace(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/([._-])[._-]+/g, '$1')
        .replace(/^[._-]+|[._-]+$/g, '')
        .slice(0, maxNameLength);
      yield {
        span: value.from === value.to ? (server.entries.get('server-name')?.keySpan ?? value) : value,
        message: problem,
        fixes: (): Fix[] =>
          legal === '' || nameProblem('model server', legal)
            ? []
            : [{ title: `Call it ${legal}`, preferred: true, edits: [{ path: file.path, span: value, text: yamlText(legal) }] }],
      };
    }
  },
};
