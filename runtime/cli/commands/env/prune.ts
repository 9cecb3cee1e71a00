import { shortId } from '../../../api/environment-parts.ts';
import type { PrunedEnvironments } from '../../../api/objects.ts';
import { shownSize } from '../../../api/shown-size.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../terminal/json.ts';
import { refuseUnlessConfirmed } from '../confirm.ts';
import { madeFromInTable, usersOf } from './shown-environment.ts';

export const prune = command({
  name: 'env prune',
  summary: 'Frees the disk of Python environments that no revision in use needs',
  details:
    'It says which they are and how much that is, and asks. What a model server answers with, is rolling out or would start with stays. ' +
    'A rollback to a revision whose environment is gone makes it again.',
  options: { 'dry-run': { kind: 'switch', doc: 'only say what would be removed' } },
  example: `
spell env prune --dry-run
spell env prune --yes`,
  run: async (context, { 'dry-run': dryRun }) => {
    const client = await context.controlPlane.connect();
    const found = await client.pruneEnvironments({ body: { dryRun: true } });
    if (dryRun || found.removed.length === 0) return show(context, found);
    if (!context.yes) sayAll(context, found);
    await refuseUnlessConfirmed(context, 'remove them?');
    show(context, await client.pruneEnvironments({ body: {} }));
  },
});

function show(context: Context, pruned: PrunedEnvironments): void {
  if (context.output === 'json') printJson(context, pruned);
  sayAll(context, pruned);
}

function sayAll({ terminal }: Context, { removed, dryRun }: PrunedEnvironments): void {
  for (const each of removed) terminal.say(`${shortId(each.id)}  ${madeFromInTable(each)}  ${shownSize(each.size)}  ${usersOf(each)}`);
  const bytes = shownSize(removed.reduce((sum, { size }) => sum + size, 0));
  const count = removed.length === 1 ? '1 environment' : `${removed.length} environments`;
  if (removed.length === 0) terminal.say('there is nothing to remove');
  else
    terminal.say(
      dryRun
        ? `${count} (${bytes}) can be removed: no revision in use needs ${removed.length === 1 ? 'it' : 'them'}`
        : `removed ${count}, ${bytes}`,
    );
}
