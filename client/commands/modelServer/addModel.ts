import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ServedModelsOptions, ServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { askServedModel } from '../../wizard/served-model-wizard.ts';
import { addToList } from './change-list.ts';

/** *Spell: Add Model to Model Server*: gives it one model more, by a new revision. */
export async function addServedModel(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: ServedModelsOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Add a model to a model server'), none: l10n.t('There is no model server.') };
  const server = await pickModelServer(context, wanted, target);
  return addToList(context, server, 'model', options.models ?? [await askServedModel(context, server)], options);
}
