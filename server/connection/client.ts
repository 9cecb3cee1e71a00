import type { ClientCapabilities } from 'vscode-languageserver';

/** What the client can do, as far as it changes what the server does. */
export interface Client {
  /** It tells of files that change on disk, once asked to. */
  readonly watches: boolean;
  /** It can be asked for settings. */
  readonly configures: boolean;
  /** It tells of settings that change, once asked to. */
  readonly tellsOfSettings: boolean;
  readonly pullsDiagnostics: boolean;
  /** What it can be told to ask for again. */
  readonly refreshes: { readonly diagnostics: boolean; readonly lenses: boolean; readonly hints: boolean };
  /** It applies versioned edits, and makes files. */
  readonly documentChanges: boolean;
  readonly snippets: boolean;
  readonly folders: boolean;
}

/** Reads what a client says of itself. */
export function clientOf({ workspace, textDocument }: ClientCapabilities): Client {
  const edits = workspace?.workspaceEdit;
  return {
    watches: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    configures: workspace?.configuration === true,
    tellsOfSettings: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshes: {
      diagnostics: workspace?.diagnostics?.refreshSupport === true,
      lenses: workspace?.codeLens?.refreshSupport === true,
      hints: workspace?.inlayHint?.refreshSupport === true,
    },
    documentChanges: edits?.documentChanges === true && edits.resourceOperations?.includes('create') === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    folders: workspace?.workspaceFolders === true,
  };
}

/** A client before it has said anything. */
export const unknownClient: Client = clientOf({});
