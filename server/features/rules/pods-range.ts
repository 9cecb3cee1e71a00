import { numberOf } from '../../parse/yaml/spell-yaml.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const podsRange: SpellYamlRule = {
  code: 'pods-range',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`min-pods` is larger than `max-pods`.',
    why: 'There is no number of pods between them. Serving is refused.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 4\nmax-pods: 2\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\nmax-pods: 4\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      // A `min-pods` above the default maximum raises that, so only a written one can be too small.
      const [least, most] = [numberOf(server, 'min-pods'), numberOf(server, 'max-pods')];
      const entry = server.entries.get('max-pods');
      if (least === undefined || most === undefined || !entry || least <= most) continue;
      const other = server.entries.get('min-pods');
      yield {
        span: entry.value,
        message: `max-pods is ${most}, less than min-pods, which is ${least}`,
        ...(other ? { related: [{ path: file.path, span: other.value, message: 'min-pods' }] } : {}),
      };
    }
  },
};
