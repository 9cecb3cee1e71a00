import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ModelServer, Operation } from '../../runtime/api/objects.ts';
import { type RolloutOutcome, RolloutReader } from '../../runtime/api/rollout-outcome.ts';
import { Cancelled } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { awaitEvents } from './await-events.ts';
import { RolloutFailed } from './rollout-failed.ts';

/**
 * Begins a rollout and waits for its end, with its stages in a notification. Its Cancel button tells the control plane:
 * the revision that answered before goes on answering, and a first one is stopped. Returns the model server as it is then.
 *
 * Throws {@link RolloutFailed}, `Cancelled` after Cancel.
 */
export async function rollOut(context: Context, title: string, begin: () => Promise<Operation>): Promise<ModelServer> {
  const { code, controlPlane, client } = context;
  const options = { location: code.ProgressLocation.Notification, title, cancellable: true };
  return code.window.withProgress(options, async (progress, cancellation): Promise<ModelServer> => {
    const began = async (): Promise<Operation> => {
      const operation = await begin();
      cancellation.onCancellationRequested(() => void undo(client, operation.modelServer).catch((error) => context.log.error(error)));
      return operation;
    };
    let reader: RolloutReader | undefined;
    const { operation, outcome } = await awaitEvents<RolloutOutcome>(controlPlane, {
      begin: began,
      // Nothing had to change, or it is stopped.
      settled: ({ revision }) => (revision === null ? { ended: 'done' } : undefined),
      read: (event, { modelServer: { owner, name }, revision }) => {
        reader ??= new RolloutReader({ object: `${owner}/${name}`, revision: revision ?? 0 });
        if (reader.concerns(event)) progress.report({ message: event.message });
        return reader.read(event);
      },
    });
    if (outcome.ended === 'failed' && cancellation.isCancellationRequested) throw new Cancelled();
    const { owner, name } = operation.modelServer;
    if (outcome.ended === 'failed') throw new RolloutFailed({ owner, name }, outcome);
    return client.describeModelServer({ owner, name });
  });
}

/** As the control plane's page on rollouts says: an update falls back to what answers, a first rollout is given up. */
async function undo(client: Client, { owner, name }: ModelServerTarget): Promise<void> {
  const { state } = await client.describeModelServer({ owner, name });
  if (state === 'updating') await client.rollback({ owner, name, body: {} });
  else await client.stop({ owner, name });
}
