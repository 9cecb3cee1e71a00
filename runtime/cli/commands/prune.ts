import type { Pruned } from '../../api/objects.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { printJson } from '../terminal/json.ts';
import { refuseUnlessConfirmed } from './confirm.ts';

export const prune = command({
  name: 'prune',
  summary: 'Frees the disk of files that nothing needs any more',
  details:
    'These are contents that no upload, run, model version or revision leads to. It says how much that is, and asks. What was sent or asked ' +
    'about within the hour stays: it may be part of an upload that is under way.',
  options: { 'dry-run': { kind: 'switch', doc: 'only say what would be removed' } },
  example: `
spell prune --dry-run
spell prune --yes`,
  run: async (context, { 'dry-run': dryRun }) => {
    const client = await context.controlPlane.connect();
    const found = await client.pruneContents({ body: { dryRun: true } });
    if (dryRun || found.removed.contents === 0) return show(context, found);
    if (!context.yes) context.terminal.say(sentence(found));
    await refuseUnlessConfirmed(context, 'remove them?');
    show(context, await client.pruneContents({ body: {} }));
  },
});

function show(context: Context, pruned: Pruned): void {
  if (context.output === 'json') printJson(context, pruned);
  context.terminal.say(sentence(pruned));
  const { contents, bytes } = pruned.tooYoung;
  if (contents > 0)
    context.terminal.say(`${counted(contents)} (${shownSize(bytes)}) of the last hour stay for now: they may be part of an upload`);
}

function sentence({ removed: { contents, bytes }, dryRun }: Pruned): string {
  if (contents === 0) return 'there is nothing to remove';
  return dryRun
    ? `${counted(contents)} (${shownSize(bytes)}) can be removed: nothing needs ${contents === 1 ? 'it' : 'them'} any more`
    : `removed ${counted(contents)}, ${shownSize(bytes)}`;
}

function counted(contents: number): string {
  return contents === 1 ? '1 content' : `${contents} contents`;
}
