import { nearNames } from '../../../runtime/api/near-names.ts';
import { textOf } from '../../parse/yaml/spell-yaml.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';

export const nodeGroupUnknown: SpellYamlRule = {
  code: 'node-group-unknown',
  severity: 'error',
  subject: 'spell.yaml',
  dependsOnContext: true,
  page: {
    what: '`node-group` names a node group that the control plane does not have.',
    why: 'Its pods could be placed nowhere. The names come from the control plane; while it is not known what it has, nothing is reported.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nnode-group: t5\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nnode-group: t4\n',
      'predictor.py': plainPredictor,
    },
    told: { facts: { nodeGroups: ['default', 't4'] } },
  },
  *check(file): Generator<Report> {
    const { nodeGroups } = file.world.facts;
    if (!nodeGroups) return;
    for (const server of file.servers) {
      const entry = server.entries.get('node-group');
      const name = textOf(server, 'node-group');
      if (!entry || name === undefined || nodeGroups.includes(name)) continue;
      const near = nearNames(name, nodeGroups);
      const offered = near.length > 0 ? near : nodeGroups.slice(0, 3);
      yield {
        span: entry.value,
        message: `there is no node group ${JSON.stringify(name)}; there are ${nodeGroups.slice(0, 5).join(', ')}`,
        fixes: (): Fix[] =>
          offered.map((each, index) => ({
            title: `Use ${each}`,
            preferred: index === 0 && near.length > 0,
            edits: [{ path: file.path, span: entry.value, text: each }],
          })),
      };
    }
  },
};
