import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { placesInProject } from './source-file.ts';

/**
 * Opens the line of a traceback: of the project that the model server was served from, of this workspace, or else, for a
 * library's code, the very file that is named. Throws `not-found` where there is none.
 */
export async function openSource(context: Context, { owner, name }: ModelServerTarget, path: string, line: number): Promise<void> {
  const { client, code } = context;
  const { window, workspace, Uri, Range } = code;
  const server = await client.describeModelServer({ owner, name }).catch(() => undefined);
  const from = server?.servedFrom ?? server?.rollout?.servedFrom;
  const folders = [...(from ? [Uri.file(from.root)] : []), ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const candidates = placesInProject(path).flatMap((place) => folders.map((folder) => Uri.joinPath(folder, place)));
  for (const uri of [...candidates, Uri.file(path)]) {
    if (!(await isFile(code, uri))) continue;
    const at = new Range(line - 1, 0, line - 1, 0);
    await window.showTextDocument(await workspace.openTextDocument(uri), { selection: at, preview: true });
    return;
  }
  const hint = code.l10n.t('Open the folder that {0} was served from.', name);
  throw new SpellError('not-found', code.l10n.t('There is no file {0} on this machine', path), hint);
}

async function isFile({ workspace, FileType }: typeof vscode, uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
