import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { placesInProject } from './source-file.ts';

/**
 * The file that a traceback names: of the project that the model server was served from, of this workspace, or else, for a
 * library's code, the very file that is named. Undefined where there is none.
 */
export async function findSource(
  { client, code }: Context,
  server: ModelServerTarget | undefined,
  path: string,
): Promise<vscode.Uri | undefined> {
  const { workspace, Uri } = code;
  const described = server && (await client.describeModelServer({ owner: server.owner, name: server.name }).catch(() => undefined));
  const from = described?.servedFrom ?? described?.rollout?.servedFrom;
  const folders = [...(from ? [Uri.file(from.root)] : []), ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const candidates = placesInProject(path).flatMap((place) => folders.map((folder) => Uri.joinPath(folder, place)));
  for (const uri of [...candidates, Uri.file(path)]) if (await isFile(code, uri)) return uri;
  return undefined;
}

/** Opens the line of a traceback. Throws `not-found` where there is no such file. */
export async function openSource(context: Context, server: ModelServerTarget, path: string, line: number): Promise<void> {
  const { l10n, window, workspace, Range } = context.code;
  const uri = await findSource(context, server, path);
  const hint = l10n.t('Open the folder that {0} was served from.', server.name);
  if (!uri) throw new SpellError('not-found', l10n.t('There is no file {0} on this machine', path), hint);
  await window.showTextDocument(await workspace.openTextDocument(uri), { selection: new Range(line - 1, 0, line - 1, 0), preview: true });
}

async function isFile({ workspace, FileType }: typeof vscode, uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
