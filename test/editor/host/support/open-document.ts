import * as vscode from 'vscode';

/** A file of the window's folder, by its path there. */
export function inWorkspace(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('the window has no folder');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Opens a file of the window's folder in an editor, as a click in the explorer does. */
export async function openDocument(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The position right after some words of a document. */
export function after(document: vscode.TextDocument, words: string): vscode.Position {
  const offset = document.getText().indexOf(words);
  if (offset < 0) throw new Error(`${document.uri} does not contain ${JSON.stringify(words)}`);
  return document.positionAt(offset + words.length);
}
