import { SpellError } from '../../../runtime/api/errors.ts';
import { parseResourceRef } from '../../../runtime/api/names.ts';
import type { Context } from '../../context.ts';
import type { RemoveOptions, ResourceTarget } from '../../contributions.ts';
import { pickResource } from '../../pick/pick-resource.ts';
import { answered } from '../cancelled.ts';
import { confirmRemoval } from '../confirm-removal.ts';

/** *Spell: Remove Upload or Run*: removes them, after asking. One that a model was made from is only removed when that is agreed to, too. */
export async function removeResource(
  context: Context,
  target?: ResourceTarget,
  targets?: readonly ResourceTarget[],
  options: RemoveOptions = {},
): Promise<ResourceTarget[]> {
  const { l10n } = context.code;
  const chosen = targets ?? [await pickResource(context, l10n.t('Remove an upload or a run'), target)];
  if (!options.confirmed) {
    const names = chosen.map(({ resource }) => resource).join(', ');
    const lost = l10n.t('What was saved is lost, of a run its log, too. Models that were made from it keep their files.');
    await confirmRemoval(context, { question: l10n.t('Remove {0}?', names), lost });
  }
  for (const { resource } of chosen) await removeOne(context, resource, options);
  return chosen.map(({ resource }) => ({ resource }));
}

async function removeOne({ client, code }: Context, path: string, { force }: RemoveOptions): Promise<void> {
  const { kind, name } = parseResourceRef(path) ?? { kind: 'uploads', name: path };
  try {
    await client.removeResource({ kind, name, query: { force: force ? 'true' : 'false' } });
  } catch (error) {
    if (!(error instanceof SpellError) || error.code !== 'in-use' || force !== undefined) throw error;
    const { window, l10n } = code;
    await answered(window.showWarningMessage(error.message, { modal: true }, l10n.t('Remove Anyway')));
    await client.removeResource({ kind, name, query: { force: 'true' } });
  }
}
