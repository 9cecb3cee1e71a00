import { SpellError } from '../../api/errors.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import { readResource } from '../resource-argument.ts';
import { shownFileCount } from '../terminal/counts.ts';
import { refuseUnlessConfirmed, showRemoved } from './confirm.ts';

export const rm = command({
  name: 'rm',
  summary: 'Removes an upload or a run',
  details:
    'Refused while a model was made from it, unless --force: the model keeps its files then. `spell prune` removes from the disk what nothing ' +
    'needs any more; by itself that happens after an hour.',
  arguments: { resource: { doc: 'uploads/NAME or runs/N' } },
  options: { force: { kind: 'switch', short: 'f', doc: 'also when models were made from it, and do not ask' } },
  example: `
spell rm uploads/cifar
spell rm runs/3 --yes`,
  run: async (context, { resource: said, force }) => {
    const { kind, name, path } = readResource(said);
    if (path !== '') {
      throw new SpellError('bad-path', `${said} lies in ${kind}/${name}, which is only removed as a whole`, `spell rm ${kind}/${name}`);
    }
    const client = await context.controlPlane.connect();
    if (!force) {
      const { path: shown, files, size, usedBy } = await client.describeResource({ kind, name });
      // One that is in use is refused by the control plane, with the reason: there is nothing to ask then.
      if (usedBy.length === 0) await refuseUnlessConfirmed(context, `remove ${shown}, ${shownFileCount(files)}, ${shownSize(size)}?`);
    }
    await client.removeResource({ kind, name, query: { force: force ? 'true' : 'false' } });
    showRemoved(context, `${kind}/${name}`);
  },
});
