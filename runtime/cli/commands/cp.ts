import { resolve } from 'node:path';
import { planCopy, receiveFiles } from '../../api/project/receive-files.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import { readResource } from '../resource-argument.ts';
import { shownFileCount } from '../terminal/counts.ts';
import { printJson } from '../terminal/json.ts';

export const cp = command({
  name: 'cp',
  summary: 'Copies a resource, or what lies in one, to this machine',
  details:
    'Like `cp -r`: into DEST when that is a folder, else to a new file or folder of that name. Nothing that exists is overwritten without --force.',
  arguments: {
    src: { doc: 'uploads/NAME or runs/N, or a file or folder in one' },
    dest: { doc: 'where to (default: here)', optional: true },
  },
  options: { force: { kind: 'switch', short: 'f', doc: 'overwrite files that exist' } },
  example: `
spell cp uploads/cifar
spell cp uploads/cifar/model.h5 /tmp/model.h5`,
  run: async (context, { src, dest, force }) => {
    const ref = readResource(src);
    const client = await context.controlPlane.connect();
    const resource = await client.describeResource({ kind: ref.kind, name: ref.name });
    const files = await planCopy(resource, ref.path, resolve(context.cwd, dest ?? '.'), force);
    await receiveFiles(client, files);
    if (context.output === 'json')
      return printJson(
        context,
        files.map(({ target, size, digest }) => ({ path: target, size, digest })),
      );
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    context.terminal.say(`copied ${shownFileCount(files.length)}, ${shownSize(bytes)}`);
  },
});
