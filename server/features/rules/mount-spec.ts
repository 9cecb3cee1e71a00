import { parseMount } from '../../../runtime/api/mounts.ts';
import type { YamlScalar } from '../../parse/yaml/yaml.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const mountSpec: SpellYamlRule = {
  code: 'mount-spec',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'An entry of `mounts` is not `RESOURCE` or `RESOURCE:PATH`, or its path leaves `/mounts`.',
    why: 'Serving is refused. A resource is `uploads/NAME` or `runs/N`, and mounts of model servers lie below `/mounts`.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmounts:\n  - uploads/text:../vocab\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmounts:\n  - uploads/text:vocab\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const value = server.entries.get('mounts')?.value;
      const items = value?.kind === 'list' ? value.items : value ? [value] : [];
      for (const item of items.filter((each): each is YamlScalar => each.kind === 'scalar' && each.value !== null)) {
        const mount = parseMount(item.source);
        if ('problem' in mount) yield { span: item, message: `${JSON.stringify(item.source)} is no mount: ${mount.problem}` };
      }
    }
  },
};
