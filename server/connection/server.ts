import {
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import {
  type ControlPlaneFacts,
  type EnvironmentFacts,
  type LanguageServerOptions,
  languageServerMethods,
} from '../../runtime/api/language-server.ts';
import { version } from '../../runtime/api/version.ts';
import type { Subject } from '../features/diagnose.ts';
import { pathOfUri } from '../workspace/uris.ts';
import { Workspace } from '../workspace/workspace.ts';
import { Diagnostics } from './diagnostics.ts';
import { type FeatureHost, featureCapabilities, registerFeatures } from './features.ts';
import { answer, type Log } from './handle.ts';
import { readSettings } from './settings.ts';
import { watchedGlobs } from './watched.ts';

/** How long what was read may be trusted when the client watches no files, in milliseconds. */
const unwatchedMs = 1000;

/** Serves the protocol on a connection until the client says exit. `pages` is where the rules' pages are, unless the client knows better. */
export function startServer(connection: Connection, pages: string): Workspace {
  const workspace = new Workspace();
  const log: Log = { warn: (message) => connection.console.warn(message), error: (message) => connection.console.error(message) };
  const diagnostics = new Diagnostics(workspace, connection, log);
  const client = { watches: false, configures: false, refreshesLenses: false, refreshesHints: false, registersFolders: false };
  let refreshTimer: NodeJS.Timeout | undefined;

  const host: FeatureHost = {
    workspace,
    documentChanges: false,
    snippets: false,
    async run<T>(
      name: string,
      uri: string,
      token: CancellationToken,
      feature: (subject: Subject) => T,
    ): Promise<T | null | ResponseError<void>> {
      if (!client.watches) await workspace.files.disk.revalidate(unwatchedMs, Date.now());
      const settled = await answer(workspace, log, { name, uri, token }, feature);
      return settled instanceof ResponseError ? settled : settled.value;
    },
  };

  /** What is no edit changed: a file on disk, a setting, the control plane, the environment. */
  const changed = (): void => {
    diagnostics.changed();
    refreshTimer ??= setTimeout(() => {
      refreshTimer = undefined;
      if (client.refreshesLenses) void connection.sendRequest('workspace/codeLens/refresh').catch(() => {});
      if (client.refreshesHints) void connection.languages.inlayHint.refresh().catch(() => {});
    }, unwatchedMs / 10);
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { capabilities } = params;
    const options = (params.initializationOptions ?? {}) as LanguageServerOptions;
    const textDocument = capabilities.textDocument ?? {};
    client.watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    client.configures = capabilities.workspace?.configuration === true;
    client.refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
    client.refreshesHints = capabilities.workspace?.inlayHint?.refreshSupport === true;
    client.registersFolders = capabilities.workspace?.workspaceFolders === true;
    host.documentChanges =
      capabilities.workspace?.workspaceEdit?.documentChanges === true &&
      capabilities.workspace.workspaceEdit.resourceOperations?.includes('create') === true;
    host.snippets = textDocument.completion?.completionItem?.snippetSupport === true;
    diagnostics.configure(textDocument.diagnostic !== undefined, capabilities.workspace?.diagnostics?.refreshSupport === true);
    const folders = params.workspaceFolders ?? (params.rootUri ? [{ uri: params.rootUri, name: '' }] : []);
    workspace.roots = folders.flatMap((folder) => pathOfUri(folder.uri) ?? []);
    workspace.options = { rulePages: pages, ...options };
    workspace.setFacts(options.controlPlane ?? null);
    if (options.environment) void workspace.setPython(options.environment.python).then(changed);
    return {
      serverInfo: { name: 'Spell', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        diagnosticProvider: { identifier: 'spell', interFileDependencies: true, workspaceDiagnostics: false },
        workspace: { workspaceFolders: { supported: true, changeNotifications: client.registersFolders } },
        ...featureCapabilities(workspace.options),
      },
    };
  });

  connection.onInitialized(async () => {
    if (client.watches)
      await connection.client
        .register({ method: 'workspace/didChangeWatchedFiles' } as never, { watchers: watchedGlobs } as never)
        .catch((error: unknown) => log.error(String(error)));
    await configure();
  });

  /** Asks for the settings; a client that cannot be asked has sent them, or has none. */
  async function configure(sent?: unknown): Promise<void> {
    const raw: unknown = client.configures ? await connection.workspace.getConfiguration('spell').catch(() => undefined) : sent;
    workspace.setSettings(readSettings(raw));
    changed();
  }

  connection.onDidChangeConfiguration((params) => configure((params.settings as { spell?: unknown } | null)?.spell));

  connection.onNotification(
    'workspace/didChangeWorkspaceFolders',
    (params: { event: { added: { uri: string }[]; removed: { uri: string }[] } }) => {
      const removed = params.event.removed.flatMap((folder) => pathOfUri(folder.uri) ?? []);
      const added = params.event.added.flatMap((folder) => pathOfUri(folder.uri) ?? []);
      workspace.roots = [...workspace.roots.filter((root) => !removed.includes(root)), ...added];
      workspace.generation++;
      changed();
    },
  );

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const paths = changes.flatMap((change) => pathOfUri(change.uri) ?? []);
    // Only what somebody read before can change what was said.
    if (paths.map((path) => workspace.files.disk.forget(path)).includes(true)) changed();
  });

  connection.onNotification(languageServerMethods.controlPlane, (facts: ControlPlaneFacts | null) => {
    workspace.setFacts(facts);
    changed();
  });
  connection.onNotification(languageServerMethods.environment, (facts: EnvironmentFacts | null) => {
    void workspace.setPython(facts?.python).then(changed);
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const path = pathOfUri(uri);
    if (path === undefined) return;
    workspace.files.documents.open(uri, path, languageId, version, text);
    diagnostics.edited();
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const path = pathOfUri(uri);
    if (path === undefined || !workspace.files.documents.change(path, version, contentChanges)) return;
    diagnostics.edited();
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const path = pathOfUri(uri);
    if (path === undefined) return;
    workspace.files.documents.close(path);
    // What was typed and not saved is gone: what lies on disk counts again.
    workspace.files.disk.forget(path);
    if (workspace.files.documents.all().length === 0) workspace.files.disk.keepOnly(new Set());
    diagnostics.closed(uri);
    changed();
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    const path = pathOfUri(uri);
    if (path !== undefined && !client.watches) workspace.files.disk.forget(path);
  });

  connection.languages.diagnostics.on(async (params, token) => {
    if (!client.watches) await workspace.files.disk.revalidate(unwatchedMs, Date.now());
    const report = await diagnostics.pull(params.textDocument.uri, params.previousResultId, token);
    return report as never;
  });
  registerFeatures(connection, host);

  connection.onShutdown(() => {
    diagnostics.dispose();
    clearTimeout(refreshTimer);
  });
  connection.listen();
  return workspace;
}
