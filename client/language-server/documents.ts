import type * as vscode from 'vscode';

/** The languages that the language server is about; configs are YAML or JSON that a `spell.yaml` names. */
const languages = ['python', 'yaml', 'json', 'jsonc'];

/**
 * The documents that the language server is about: files, drafts, and what the window's folders hold, which may be on no
 * disk. Not an older version beside a diff, nor the editor's own settings, which have schemes of their own.
 */
export function documentSelector(folders: readonly vscode.WorkspaceFolder[] | undefined): { language: string; scheme: string }[] {
  const schemes = new Set(['file', 'untitled', ...(folders ?? []).map(({ uri }) => uri.scheme)]);
  return [...schemes].flatMap((scheme) => languages.map((language) => ({ language, scheme })));
}
