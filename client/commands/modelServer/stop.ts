import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ModelServerTarget, ServerTarget } from '../../contributions.ts';
import { awaitEvents } from '../../operations/await-events.ts';
import { pickModelServers } from '../../pick/pick-model-servers.ts';

/** *Spell: Stop*: takes model servers off line and waits until their pods are gone. They can be started again. */
export async function stopModelServer(context: Context, _target?: ServerTarget, targets?: readonly ServerTarget[]): Promise<ModelServer[]> {
  const { l10n, window, ProgressLocation } = context.code;
  const chosen = await pickModelServers(
    context,
    {
      title: l10n.t('Stop a model server'),
      states: ['requested', 'created', 'starting', 'updating', 'running', 'failing'],
      none: l10n.t('No model server runs.'),
    },
    targets,
  );
  const title = chosen.length === 1 ? l10n.t('Stopping {0}', chosen[0]?.name ?? '') : l10n.t('Stopping {0} model servers', chosen.length);
  return window.withProgress({ location: ProgressLocation.Window, title }, () =>
    Promise.all(chosen.map((target) => stopAndWait(context, target))),
  );
}

/** Resolves with the model server when no pod of it is left. */
export async function stopAndWait({ controlPlane, client }: Context, { owner, name }: ModelServerTarget): Promise<ModelServer> {
  await awaitEvents<true>(controlPlane, {
    begin: () => client.stop({ owner, name }),
    settled: ({ operation }) => (operation.startsWith('stop/') ? undefined : true),
    read: ({ object, type }) =>
      object === `${owner}/${name}` && (type === 'server.stopped' || type === 'server.removed' || type === 'rollout.started')
        ? true
        : undefined,
  });
  return client.describeModelServer({ owner, name });
}
