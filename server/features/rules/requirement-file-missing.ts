import { nameOf } from '../../parse/project/paths.ts';
import { pathOf } from '../../parse/yaml/spell-yaml.ts';
import { fileExists, pathFixes } from '../spell-yaml/paths.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const requirementFileMissing: SpellYamlRule = {
  code: 'requirement-file-missing',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`pip-req` or `conda-file` names a file that does not exist.',
    why: 'Serving is refused. Paths start at the folder of the `spell.yaml`.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\npip-req: requirement.txt\n',
      'requirements.txt': 'numpy\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\npip-req: requirements.txt\n',
      'requirements.txt': 'numpy\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      for (const key of ['pip-req', 'conda-file']) {
        const entry = server.entries.get(key);
        const path = pathOf(file.spellYaml, server, key);
        if (!entry || path === undefined || fileExists(file.world, path) !== false) continue;
        yield {
          span: entry.value,
          message: `there is no file ${nameOf(path)} at ${path}`,
          fixes: () => pathFixes(file, entry.value, path, /\.(?:txt|in|ya?ml)$/),
        };
      }
    }
  },
};
