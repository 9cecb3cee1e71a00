import { numberOf } from '../../parse/yaml/spell-yaml.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const fractionalGpu: SpellYamlRule = {
  code: 'fractional-gpu',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`gpu-limit` is not a whole number.',
    why: 'A pod gets whole GPUs. Serving is refused.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\ngpu-limit: 0.5\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\ngpu-limit: 1\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const entry = server.entries.get('gpu-limit');
      const limit = numberOf(server, 'gpu-limit');
      if (!entry || limit === undefined || Number.isInteger(limit) || limit < 0) continue;
      const whole = String(Math.ceil(limit));
      yield {
        span: entry.value,
        message: `gpu-limit is ${limit}: a pod gets whole GPUs`,
        fixes: () => [{ title: `Ask for ${whole}`, preferred: true, edits: [{ path: file.path, span: entry.value, text: whole }] }],
      };
    }
  },
};
