import type { YamlScalar } from '../../parse/yaml/yaml.ts';
import { requirementProblem } from '../world/requirements.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const requirementInvalid: SpellYamlRule = {
  code: 'requirement-invalid',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'An entry of `pip` is no requirement as pip reads them (PEP 508).',
    why: 'The environment of the model server cannot be made, and serving fails.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\npip:\n  - numpy=1.26\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\npip:\n  - numpy==1.26\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const value = server.entries.get('pip')?.value;
      const items = value?.kind === 'list' ? value.items : value ? [value] : [];
      for (const item of items.filter((each): each is YamlScalar => each.kind === 'scalar' && each.value !== null)) {
        const problem = requirementProblem(item.source);
        if (problem !== undefined) yield { span: item, message: `${JSON.stringify(item.source)} is no requirement: ${problem}` };
      }
    }
  },
};
