import { SpellError } from '../../../api/errors.ts';
import type { ModelServerState } from '../../../api/objects.ts';
import { command } from '../../command.ts';
import { refuseUnlessConfirmed, showRemoved } from '../confirm.ts';

/** States in which a model server has no pods, and should have none. */
const atRest: readonly ModelServerState[] = ['stopped', 'failed'];

export const rm = command({
  name: 'server rm',
  summary: 'Removes a model server for good',
  details: 'A running one must be stopped first, or is stopped by --force.',
  arguments: { name: { doc: 'the model server' } },
  options: { force: { kind: 'switch', short: 'f', doc: 'stop it first when it runs, and do not ask' } },
  example: `
spell server rm cifar
spell server rm --force cifar`,
  run: async (context, { name, force }) => {
    const client = await context.controlPlane.connect();
    const path = { owner: context.owner, name };
    const { state } = await client.describeModelServer(path);
    if (!force) {
      if (!atRest.includes(state)) {
        // The control plane would say so too, but only after the question.
        throw new SpellError(
          'running',
          `the model server ${name} is ${state} and must be stopped before it can be removed`,
          `spell server stop ${name}, or --force, which stops it first`,
        );
      }
      await refuseUnlessConfirmed(context, `remove the model server ${name}, its revisions and its logs?`);
    }
    await client.removeModelServer({ ...path, ...(force ? { query: { force: 'true' } } : {}) });
    showRemoved(context, name);
  },
});
