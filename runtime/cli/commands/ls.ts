import { SpellError } from '../../api/errors.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { readResource } from '../resource-argument.ts';
import { entriesAt, type ListedEntry } from '../resource-listing.ts';
import { localTime } from '../terminal/ages.ts';
import { printJson } from '../terminal/json.ts';
import { printTable } from '../terminal/table.ts';

export const ls = command({
  name: 'ls',
  summary: 'Lists resources, or what lies in one',
  arguments: { path: { doc: 'uploads, uploads/NAME, runs/N, or a folder in one (default: all resources)', optional: true } },
  example: `
spell ls
spell ls uploads/cifar/checkpoints`,
  run: async (context, { path }) => {
    const entries = await listed(context, (path ?? '').replace(/\/+$/, ''));
    if (context.output === 'json') return printJson(context, entries);
    printTable(
      context.terminal,
      ['SIZE', 'DATE', 'PATH'],
      entries.map(({ size, createdAt, path: shown }) => [shownSize(size), localTime(createdAt), shown]),
    );
    if (entries.length === 0) context.terminal.say('there is nothing yet: spell upload PATH');
  },
});

async function listed({ controlPlane }: Context, path: string): Promise<ListedEntry[]> {
  const client = await controlPlane.connect();
  if (path === '' || path === 'uploads' || path === 'runs') {
    return (await client.listResources()).filter((resource) => resource.path.startsWith(path));
  }
  const ref = readResource(path);
  const resource = await client.describeResource({ kind: ref.kind, name: ref.name });
  const entries = entriesAt(resource, ref.path);
  if (entries.length > 0) return entries;
  const hint = nearNamesHint(
    ref.path,
    resource.entries.map((entry) => entry.path),
  );
  throw new SpellError('not-found', `there is nothing at ${JSON.stringify(ref.path)} in ${resource.path}`, hint);
}
