import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  type ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { LanguageServerOptions } from '../../runtime/api/language-server.ts';
import { codeActions, fixAllKind } from '../features/actions/code-actions.ts';
import type { EditSupport } from '../features/actions/workspace-edit.ts';
import { codeLenses } from '../features/code-lenses.ts';
import { completions, completionTriggers } from '../features/completion/complete.ts';
import type { Subject } from '../features/diagnose.ts';
import { documentLinks } from '../features/document-links.ts';
import { hover } from '../features/hover/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { definition, prepareRename, references, rename } from '../features/navigation/navigate.ts';
import { documentSymbols, foldingRanges } from '../features/outline.ts';
import { signatureHelp } from '../features/signature-help.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Client } from './client.ts';

/** What the features need of the server around them. */
export interface FeatureHost {
  readonly workspace: Workspace;
  readonly client: Client;
  run<T>(name: string, uri: string, token: CancellationToken, feature: (subject: Subject) => T): Promise<T | null | ResponseError<void>>;
}

/** What the server can do. Code lenses run the extension's commands, so they are for clients that have them. */
export function featureCapabilities(options: LanguageServerOptions): ServerCapabilities {
  return {
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, CodeActionKind.Source, fixAllKind] },
    completionProvider: { triggerCharacters: completionTriggers },
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: ['(', ','] },
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    inlayHintProvider: true,
    ...(options.commands ? { codeLensProvider: {} } : {}),
    documentLinkProvider: {},
    documentSymbolProvider: true,
    foldingRangeProvider: true,
  };
}

/** Ties every request of the protocol to its feature. */
export function registerFeatures(connection: Connection, host: FeatureHost): void {
  const { documents } = host.workspace.files;
  const edits = (): EditSupport => ({
    documentChanges: host.client.documentChanges,
    version: (path) => documents.get(path)?.version ?? null,
  });
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    host.run('code actions', uri, token, (subject) =>
      codeActions(subject, { range, diagnostics: context.diagnostics, only: context.only }, edits()),
    ),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    host.run('completion', uri, token, (subject) =>
      completions(subject, position, { snippets: host.client.snippets, yamlElsewhere: host.workspace.options.yamlElsewhere === true }),
    ),
  );
  connection.onHover(({ textDocument: { uri }, position }, token) => host.run('hover', uri, token, (subject) => hover(subject, position)));
  connection.onSignatureHelp(({ textDocument: { uri }, position }, token) =>
    host.run('signature help', uri, token, (subject) => signatureHelp(subject, position)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    host.run('definition', uri, token, (subject) => definition(subject, position)),
  );
  connection.onReferences(({ textDocument: { uri }, position }, token) =>
    host.run('references', uri, token, (subject) => references(subject, position)),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }, token) =>
    host.run('rename', uri, token, (subject) => prepareRename(subject, position)),
  );
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) =>
    host.run('rename', uri, token, (subject) => rename(subject, position, newName, edits())),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    host.run('inlay hints', uri, token, (subject) => inlayHints(subject, range)),
  );
  connection.onCodeLens(({ textDocument: { uri } }, token) => host.run('code lenses', uri, token, codeLenses));
  connection.onDocumentLinks(({ textDocument: { uri } }, token) => host.run('document links', uri, token, documentLinks));
  connection.onDocumentSymbol(({ textDocument: { uri } }, token) => host.run('document symbols', uri, token, documentSymbols));
  connection.onFoldingRanges(({ textDocument: { uri } }, token) => host.run('folding', uri, token, foldingRanges));
}
