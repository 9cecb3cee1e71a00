import { numberOf } from '../../parse/yaml/spell-yaml.ts';
import { keys } from '../spell-yaml/keys.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

const targets = ['target-cpu-utilization', 'target-requests-per-second'] as const;

export const targetHasNoEffect: SpellYamlRule = {
  code: 'target-has-no-effect',
  severity: 'warning',
  subject: 'spell.yaml',
  page: {
    what: 'A scaling target stands beside `min-pods` and `max-pods` that are equal.',
    why: 'A target moves the number of pods between the two. Where they are equal, there is nothing to move.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\nmax-pods: 2\ntarget-requests-per-second: 50\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\nmax-pods: 6\ntarget-requests-per-second: 50\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const least = numberOf(server, 'min-pods') ?? Number(keys.get('min-pods')?.default ?? 1);
      const most = numberOf(server, 'max-pods');
      if (most === undefined || least !== most) continue;
      for (const target of targets) {
        const entry = server.entries.get(target);
        if (entry) yield { span: entry.keySpan, message: `${target} has no effect: min-pods and max-pods are both ${most}` };
      }
    }
  },
};
