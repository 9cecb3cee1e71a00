import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ServedModelsOptions, ServedModelTarget } from '../../contributions.ts';
import { pickEntry } from '../../pick/pick-entry.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { takeFromList } from './change-list.ts';

/** *Spell: Remove Model from Model Server*: the model that it was called on, else the one that somebody picks, by a new revision. */
export async function removeServedModel(
  context: Context,
  target?: ServedModelTarget,
  _targets?: readonly ServedModelTarget[],
  options: ServedModelsOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { l10n } = context.code;
  const wanted = { title: l10n.t('Remove a model from a model server'), none: l10n.t('There is no model server.') };
  const server = await pickModelServer(context, wanted, target);
  const named = target && 'served' in target ? target.served : undefined;
  const words = options.models ?? [
    named ??
      (await pickEntry(context, server, {
        setting: 'model',
        title: l10n.t('Remove a model from {0}', server.name),
        none: l10n.t('{0} has no model.', server.name),
        toItem: (model) => ({ label: model }),
      })),
  ];
  return takeFromList(context, server, 'model', words, options);
}
