import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { parseResourceRef } from '../../../runtime/api/names.ts';
import type { Context } from '../../context.ts';
import { type CreateModelOptions, isResourceTarget, type ResourceTarget } from '../../contributions.ts';
import { hasFiles, resourceItems } from '../../pick/pick-resource.ts';
import { answered } from '../cancelled.ts';

/** What a model is made from: a resource, or something that has to be uploaded first. Nothing was sent yet. */
export type ModelSource = { resource: string; name: string } | { path: string; name: string };

/** Takes what the command was called with, else asks for an upload, or for a file or folder. */
export async function askSource(
  context: Context,
  title: string,
  target: ResourceTarget | vscode.Uri | undefined,
  { resource, path }: CreateModelOptions,
): Promise<ModelSource> {
  if (resource !== undefined) return fromResource(context, resource);
  if (path !== undefined) return { path, name: basename(path) };
  if (isResourceTarget(target)) return fromResource(context, target.resource);
  if (target) return { path: target.fsPath, name: basename(target.fsPath) };
  const { window, l10n, ThemeIcon, QuickPickItemKind } = context.code;
  const file = { label: l10n.t('Choose a file…'), iconPath: new ThemeIcon('file') };
  const folder = { label: l10n.t('Choose a folder…'), iconPath: new ThemeIcon('folder') };
  const uploads = await resourceItems(context, hasFiles);
  const separator = uploads.length > 0 ? [{ label: l10n.t('uploads and runs'), kind: QuickPickItemKind.Separator }] : [];
  const items: vscode.QuickPickItem[] = [file, folder, ...separator, ...uploads];
  const chosen = await answered(window.showQuickPick(items, { title, placeHolder: l10n.t('What is the model made from?') }));
  if (chosen !== file && chosen !== folder) return fromResource(context, chosen.label);
  const wanted = { title, canSelectFiles: chosen === file, canSelectFolders: chosen === folder, openLabel: l10n.t('Make a Model of It') };
  const [first] = await answered(window.showOpenDialog(wanted));
  const { fsPath } = first as vscode.Uri;
  return { path: fsPath, name: basename(fsPath) };
}

/** A run is named by its number, which says nothing of a model: its own name is what counts, if it has one. */
function fromResource({ inventory }: Context, resource: string): ModelSource {
  const { kind, name = resource } = parseResourceRef(resource) ?? {};
  return { resource, name: kind === 'runs' ? (inventory.resources.get(resource)?.run?.name ?? '') : name };
}
