import type * as vscode from 'vscode';
import { SpellError } from '../../../runtime/api/errors.ts';
import { parseResourceRef } from '../../../runtime/api/names.ts';
import { planCopy, receiveFiles } from '../../../runtime/api/project/receive-files.ts';
import type { Context } from '../../context.ts';
import type { DownloadOptions, ResourceTarget } from '../../contributions.ts';
import { hasFiles, pickResource } from '../../pick/pick-resource.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Download*: copies an upload or a run into a folder of this machine. Returns the files' paths. */
export async function downloadResource(
  context: Context,
  target?: ResourceTarget,
  _targets?: readonly ResourceTarget[],
  options: DownloadOptions = {},
): Promise<string[]> {
  const { client, code } = context;
  const { l10n, window, ProgressLocation } = code;
  const { resource: path } = await pickResource(context, l10n.t('Download an upload or a run'), target, hasFiles);
  const folder = options.folder ?? (await askFolder(context)).fsPath;
  const { kind, name } = parseResourceRef(path) ?? { kind: 'uploads', name: path };
  const resource = await client.describeResource({ kind, name });
  const files = await planCopy(resource, '', folder, options.overwrite === true).catch(async (error: unknown) => {
    if (!(error instanceof SpellError) || error.code !== 'exists' || options.overwrite !== undefined) throw error;
    await answered(window.showWarningMessage(error.message, { modal: true }, l10n.t('Overwrite')));
    return planCopy(resource, '', folder, true);
  });
  const title = l10n.t('Downloading {0}', path);
  await window.withProgress({ location: ProgressLocation.Notification, title }, () => receiveFiles(client, files));
  window.setStatusBarMessage(l10n.t('Downloaded {0} to {1}', path, folder), 5000);
  return files.map((file) => file.target);
}

async function askFolder({ code }: Context): Promise<vscode.Uri> {
  const { window, l10n, workspace } = code;
  const defaultUri = workspace.workspaceFolders?.[0]?.uri;
  const [first] = await answered(
    window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: l10n.t('Download Here'),
      ...(defaultUri ? { defaultUri } : {}),
    }),
  );
  return first as vscode.Uri;
}
