import type { Context } from '../../context.ts';
import type { ModelTarget, RemoveOptions } from '../../contributions.ts';
import { pickModel } from '../../pick/pick-model.ts';
import { pickVersions } from '../../pick/pick-version.ts';
import { confirmRemoval } from '../confirm-removal.ts';

/** *Spell: Remove Model or Version*: removes models or versions, after saying what is lost. Returns what was removed. */
export async function removeModel(
  context: Context,
  target?: ModelTarget,
  targets?: readonly ModelTarget[],
  options: RemoveOptions = {},
): Promise<ModelTarget[]> {
  const { l10n } = context.code;
  const asked = targets ?? [target ?? (await askWhat(context))];
  // A version of a model that goes as a whole goes with it.
  const whole = new Set(asked.filter(({ version }) => version === undefined).map(({ model }) => model));
  const chosen = asked.filter(({ model, version }) => version === undefined || !whole.has(model));
  if (!options.confirmed) {
    const lost =
      whole.size > 0
        ? l10n.t('All versions and their files are lost. Uploads stay.')
        : l10n.t('Its files are lost, and its number is never used again. The upload stays.');
    await confirmRemoval(context, { question: questionOf(context, chosen), lost });
  }
  for (const { model, version } of chosen) {
    if (version === undefined) await context.client.removeModel({ name: model });
    else await context.client.removeModelVersion({ name: model, version: `v${version}` });
  }
  return chosen.map(({ model, version }) => ({ model, ...(version === undefined ? {} : { version }) }));
}

/** A model, and of one with several versions, which. */
async function askWhat(context: Context): Promise<ModelTarget> {
  const { l10n } = context.code;
  const { model } = await pickModel(context, l10n.t('Remove a model or a version'));
  return pickVersions(context, l10n.t('Remove {0}', model), model);
}

function questionOf({ code: { l10n } }: Context, chosen: readonly ModelTarget[]): string {
  const [only, ...others] = chosen;
  if (only && others.length === 0) {
    return only.version === undefined ? l10n.t('Remove the model {0}?', only.model) : l10n.t('Remove the version {0}?', shown(only));
  }
  return l10n.t('Remove {0} models and versions: {1}?', chosen.length, chosen.map(shown).join(', '));
}

function shown({ model, version }: ModelTarget): string {
  return version === undefined ? model : `${model}:v${version}`;
}
