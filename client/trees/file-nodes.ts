import type * as vscode from 'vscode';
import { shownSize } from '../../runtime/api/shown-size.ts';
import type { TreeNode } from './tree-source.ts';

/** A file or folder of a resource or a model version. */
export interface FileNode extends TreeNode {
  readonly kind: 'file' | 'folder';
  readonly parent: TreeNode;
  /** Its last piece. */
  readonly name: string;
  /** With `/`, in what it belongs to. */
  readonly path: string;
  /** Bytes; of a folder the sum. */
  readonly size: number;
  /** How many files a folder holds. */
  readonly files: number;
}

/** The files and folders directly in a folder (`''` for all), folders first, from the list of all files. */
export function filesIn(parent: TreeNode, folder: string, all: readonly { path: string; size: number }[]): FileNode[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, { kind: 'file' | 'folder'; size: number; files: number }>();
  for (const { path, size } of all) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...deeper] = path.slice(prefix.length).split('/');
    const known = found.get(name) ?? { kind: deeper.length > 0 ? 'folder' : 'file', size: 0, files: 0 };
    found.set(name, { ...known, size: known.size + size, files: known.files + 1 });
  }
  return [...found]
    .map(
      ([name, { kind, size, files }]): FileNode => ({ id: `${parent.id}/${name}`, parent, kind, name, path: prefix + name, size, files }),
    )
    .sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name, 'en', { numeric: true }) : a.kind === 'folder' ? -1 : 1));
}

/** How many files, and how large together. */
export function filesWords(l10n: typeof vscode.l10n, files: number, size: number): string {
  if (files === 0) return l10n.t('no files');
  return files === 1 ? l10n.t('1 file, {0}', shownSize(size)) : l10n.t('{0} files, {1}', files, shownSize(size));
}

/** How a file or folder looks. */
export function fileItem({ TreeItem, TreeItemCollapsibleState, ThemeIcon, Uri, l10n }: typeof vscode, node: FileNode): vscode.TreeItem {
  const { kind, name, path, size, files, id } = node;
  const item = new TreeItem(name, kind === 'folder' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.id = id;
  item.contextValue = kind;
  // A path of no file, for the icon theme to choose by.
  item.resourceUri = Uri.from({ scheme: 'spell-file', path: `/${path}` });
  item.iconPath = kind === 'folder' ? ThemeIcon.Folder : ThemeIcon.File;
  item.description = kind === 'folder' ? filesWords(l10n, files, size) : shownSize(size);
  item.accessibilityInformation = { label: `${name}, ${kind === 'folder' ? l10n.t('folder') : l10n.t('file')}, ${item.description}` };
  return item;
}
