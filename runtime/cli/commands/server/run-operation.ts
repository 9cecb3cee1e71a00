import type { Client } from '../../../api/http/client-types.ts';
import type { ModelServer, Operation } from '../../../api/objects.ts';
import type { Context } from '../../context.ts';

/** The option of all verbs that begin a rollout. */
export const detachOption = {
  detach: { kind: 'switch', doc: 'do not wait until it is rolled out' },
} as const;

/** Waits for what a verb began, unless it is to be left alone, and returns the model server as it is then. */
export async function finishOperation(context: Context, client: Client, operation: Operation, detach: boolean): Promise<ModelServer> {
  const { modelServer, revision } = operation;
  if (revision === null) {
    context.terminal.say(
      modelServer.state === 'stopped' || modelServer.state === 'stopping'
        ? `${modelServer.name} is stopped; this takes effect when it starts: spell server start ${modelServer.name}`
        : `nothing had to change: revision ${modelServer.revision} of ${modelServer.name} stays`,
    );
    return modelServer;
  }
  if (detach) {
    context.terminal.say(`the rollout of revision ${revision} goes on; follow it: spell events -f`);
    return modelServer;
  }
  const { awaitRollout } = await import('../../waiting/await-rollout.ts');
  return awaitRollout(context, client, operation);
}
