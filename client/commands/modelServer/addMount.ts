import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { MountsOptions, ServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { askMount } from '../../wizard/mount-wizard.ts';
import { addToList } from './change-list.ts';

/** *Spell: Add Mount to Model Server*: shows its predictor an upload or a run below `/mounts`, by a new revision. */
export async function addMount(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: MountsOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Add a mount to a model server'), none: l10n.t('There is no model server.') };
  const server = await pickModelServer(context, wanted, target);
  return addToList(context, server, 'mounts', options.mounts ?? [await askMount(context, server)], options);
}
