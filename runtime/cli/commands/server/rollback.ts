import { SpellError } from '../../../api/errors.ts';
import { command } from '../../command.ts';
import { recreateOption } from './recreate-option.ts';
import { detachOption, finishOperation } from './run-operation.ts';
import { showServed } from './show-served.ts';

export const rollback = command({
  name: 'server rollback',
  summary: 'Rolls out an older revision again',
  details: 'Without --to it is the revision that answered before; while an update is being rolled out, the one that answers now.',
  arguments: { name: { doc: 'the model server' } },
  options: { to: { kind: 'value', value: 'REVISION', doc: 'the revision to go back to' }, ...recreateOption, ...detachOption },
  example: `
spell server rollback cifar
spell server rollback cifar --to 3`,
  run: async (context, { name, to, recreate, detach }) => {
    const revision = to === undefined ? undefined : readRevision(to);
    const client = await context.controlPlane.connect();
    const operation = await client.rollback({
      owner: context.owner,
      name,
      body: { ...(revision === undefined ? {} : { to: revision }), ...(recreate === true ? { recreate } : {}) },
    });
    showServed(context, [await finishOperation(context, client, operation, detach)]);
  },
});

function readRevision(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new SpellError(
    'usage',
    `--to: ${JSON.stringify(text)} is no revision`,
    'write its number: `spell server revisions NAME` lists them',
  );
}
