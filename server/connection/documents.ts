import type { Connection } from 'vscode-languageserver';
import { pathOfUri } from '../workspace/uris.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Whom to tell about documents. */
export interface DocumentListener {
  edited(): void;
  closed(uri: string): void;
}

/** Keeps the workspace's documents as the editor has them. */
export function registerDocuments(connection: Connection, { files }: Workspace, listener: DocumentListener): void {
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const path = pathOfUri(uri);
    if (path === undefined) return;
    files.documents.open(uri, path, languageId, version, text);
    listener.edited();
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const path = pathOfUri(uri);
    if (path !== undefined && files.documents.change(path, version, contentChanges)) listener.edited();
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    const path = pathOfUri(uri);
    if (path !== undefined) files.disk.forget(path);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const path = pathOfUri(uri);
    if (path === undefined) return;
    files.documents.close(path);
    // What was typed and not saved is gone: what lies on disk counts again.
    files.disk.forget(path);
    if (files.documents.all().length === 0) files.disk.keepOnly(new Set());
    listener.closed(uri);
  });
}
