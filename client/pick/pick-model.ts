import { SpellError } from '../../runtime/api/errors.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelTarget } from '../contributions.ts';
import { shownVersion } from '../trees/models.ts';
import { readFor } from './read-for.ts';

/** The model that a command is about: the one it was called with, else the one that somebody picks. */
export async function pickModel(context: Context, title: string, target?: ModelTarget): Promise<ModelTarget> {
  if (target) return target;
  const { models } = context.inventory;
  await readFor(context, models);
  const { window, l10n } = context.code;
  if (models.items.length === 0)
    throw new SpellError('not-found', l10n.t('There is no model yet.'), l10n.t('Make one: the command "Spell: Create Model…".'));
  const items = models.items.map(({ name, latestVersion: { number, custom } }) => ({
    label: name,
    description: shownVersion({ version: number, custom }),
  }));
  const { label } = await answered(window.showQuickPick(items, { title, placeHolder: l10n.t('Choose a model') }));
  return { model: label };
}
