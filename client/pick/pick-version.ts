import type * as vscode from 'vscode';
import type { ModelVersion } from '../../runtime/api/objects.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelTarget } from '../contributions.ts';
import { shownVersion } from '../trees/models.ts';

/** All versions of a model, which is the model, or the one that somebody picks; nobody is asked where there is only one. */
export async function pickVersions({ client, code }: Context, title: string, model: string): Promise<ModelTarget> {
  const { l10n, window } = code;
  const versions = await client.describeModel({ name: model });
  if (versions.length === 1) return { model };
  const all = { label: l10n.t('All {0} versions', versions.length), version: undefined };
  const items = [all, ...versionItems(l10n, versions)];
  const placeHolder = l10n.t('Choose a version, or all');
  const { version } = await answered(window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }));
  return version === undefined ? { model } : { model, version };
}

/** The versions of a model, the newest first, as pickers show them. */
export function versionItems(
  l10n: Pick<typeof vscode, 'l10n'>['l10n'],
  versions: readonly ModelVersion[],
): (vscode.QuickPickItem & { version: number })[] {
  return versions.map((each, at) => ({
    label: shownVersion(each),
    description: [each.resource, ...(at === 0 ? [l10n.t('the newest')] : [])].join(' · '),
    version: each.version,
  }));
}
