import { parseResourceRef } from '../../../runtime/api/names.ts';
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
        const problem = problemOf(item.source);
        if (problem !== undefined) yield { span: item, message: `${JSON.stringify(item.source)} is no mount: ${problem}` };
      }
    }
  },
};

function problemOf(spec: string): string | undefined {
  const [resource = '', path, ...more] = spec.split(':');
  if (more.length > 0) return 'it has more than one ":"';
  if (!parseResourceRef(resource)) return `${JSON.stringify(resource)} is no resource: write uploads/NAME or runs/N`;
  if (path === undefined) return undefined;
  if (path === '') return 'no path stands behind the ":"';
  let depth = 0;
  for (const piece of path.replace(/^\/mounts(?=\/|$)/, '').split('/')) {
    if (piece === '..') depth--;
    else if (piece !== '' && piece !== '.') depth++;
    if (depth < 0) return `${path} leaves /mounts`;
  }
  return undefined;
}
