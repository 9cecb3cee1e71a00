import { pathOf, textOf } from '../../parse/yaml/spell-yaml.ts';
import { fileExists, pathFixes } from '../spell-yaml/paths.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';
import { words } from './words.ts';

export const entrypointMissing: SpellYamlRule = {
  code: 'entrypoint-missing',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'A `spell.yaml` names no entrypoint, or one that does not exist.',
    why: 'The entrypoint is the file with the predictor: the one key that cannot be left out. Its path starts at the folder of the `spell.yaml`.',
    bad: {
      'spell.yaml': 'entrypoint: predicter.py\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const entry = server.entries.get('entrypoint');
      const path = pathOf(file.spellYaml, server, 'entrypoint');
      const [first] = server.map.entries;
      if (!entry) {
        // While nothing is written yet, nothing is missing yet.
        if (first) yield { span: first.keySpan, message: 'there is no `entrypoint`: it names the file with the predictor' };
        continue;
      }
      if (path === undefined || fileExists(file.world, path) !== false) continue;
      yield {
        span: entry.value,
        message: words('entrypoint-missing', { file: textOf(server, 'entrypoint') ?? '' }),
        fixes: () => pathFixes(file, entry.value, path, /\.py$/),
      };
    }
  },
};
