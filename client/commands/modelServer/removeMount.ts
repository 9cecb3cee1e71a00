import { mountOf } from '../../../runtime/api/mounts.ts';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { MountsOptions, MountTarget } from '../../contributions.ts';
import { pickEntry } from '../../pick/pick-entry.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { takeFromList } from './change-list.ts';

/** *Spell: Remove Mount from Model Server*: the mount that it was called on, else the one that somebody picks, by a new revision. */
export async function removeMount(
  context: Context,
  target?: MountTarget,
  _targets?: readonly MountTarget[],
  options: MountsOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Remove a mount from a model server'), none: l10n.t('There is no model server.') };
  const server = await pickModelServer(context, wanted, target);
  const named = target && 'mount' in target ? target.mount : undefined;
  const words = options.mounts ?? [
    placeOf(
      named ??
        (await pickEntry(context, server, {
          setting: 'mounts',
          title: l10n.t('Remove a mount from {0}', server.name),
          none: l10n.t('{0} has no mount.', server.name),
          toItem: (mount) => ({ label: placeOf(mount), description: mountOf(mount).resource }),
        })),
    ),
  ];
  return takeFromList(context, server, 'mounts', words, options);
}

/** Its place is its own; its resource may be mounted at several. */
function placeOf(mount: string): string {
  return `/mounts/${mountOf(mount).path}`;
}
