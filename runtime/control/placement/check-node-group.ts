import { SpellError } from '../../api/errors.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import type { Settings } from '../../api/settings.ts';

/** Throws `bad-setting` for a node group that there is not, with those that there are. */
export function checkNodeGroup({ 'node-group': group }: Settings, groups: readonly string[]): void {
  if (group === undefined || groups.includes(group)) return;
  const there = groups.length === 1 ? `the only one is ${groups[0]}` : `there are ${groups.join(', ')}`;
  throw new SpellError(
    'bad-setting',
    `there is no node group ${JSON.stringify(group)}: ${there}`,
    nearNamesHint(group, groups) ?? 'leave --node-group out',
  );
}
