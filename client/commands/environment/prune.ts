import { madeFrom } from '../../../runtime/api/environment-parts.ts';
import type { Environment } from '../../../runtime/api/objects.ts';
import { shownSize } from '../../../runtime/api/shown-size.ts';
import type { Context } from '../../context.ts';
import type { PruneOptions } from '../../contributions.ts';
import { environmentCount, environmentUsers } from '../../environments/environment-words.ts';
import { confirmRemoval } from '../confirm-removal.ts';

/** How many are named before they are removed: a dialog does not scroll. */
const named = 12;

/** *Spell: Prune Environments*: frees the disk of those that no revision in use needs, after saying which they are and how much that is. Returns what was removed. */
export async function pruneEnvironments(
  context: Context,
  _target?: never,
  _targets?: readonly never[],
  options: PruneOptions = {},
): Promise<Environment[]> {
  const { client, code } = context;
  const { l10n, window } = code;
  const found = (await client.pruneEnvironments({ body: { dryRun: true } })).removed;
  if (found.length === 0) {
    void window.showInformationMessage(l10n.t('There is no environment to remove: revisions in use need them all.'));
    return [];
  }
  if (!options.confirmed) await confirm(context, found);
  const { removed } = await client.pruneEnvironments({ body: {} });
  void window.showInformationMessage(l10n.t('Removed {0}, {1}.', environmentCount(l10n, removed.length), sizeOf(removed)));
  return removed;
}

async function confirm(context: Context, found: readonly Environment[]): Promise<void> {
  const { l10n } = context.code;
  const lines = found
    .slice(0, named)
    .map((each) =>
      [madeFrom(each), each.state === 'failed' ? l10n.t('failed') : shownSize(each.size), environmentUsers(l10n, each)]
        .filter(Boolean)
        .join(' · '),
    );
  const more = found.length > named ? [l10n.t('and {0} more', found.length - named)] : [];
  await confirmRemoval(context, {
    question: l10n.t('Remove {0} and free {1}?', environmentCount(l10n, found.length), sizeOf(found)),
    lost: `${[...lines, ...more].join('\n')}\n\n${l10n.t('No revision in use needs them. A rollback to a revision whose environment is gone makes it again.')}`,
  });
}

function sizeOf(environments: readonly Environment[]): string {
  return shownSize(environments.reduce((sum, { size }) => sum + size, 0));
}
