import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import {
  type CheckRequest,
  type LanguageServerOptions,
  languageServerMethods,
  type Sample,
  type SampleRequest,
} from '../../runtime/api/language-server.ts';
import { version } from '../../runtime/api/version.ts';
import { check } from '../check/check.ts';
import type { Subject } from '../features/diagnose.ts';
import { samplePayload } from '../features/sample/sample-payload.ts';
import { PredictorFile } from '../features/subjects/predictor-file.ts';
import { pathOfUri } from '../workspace/uris.ts';
import { Workspace } from '../workspace/workspace.ts';
import { clientOf, unknownClient } from './client.ts';
import { Diagnostics } from './diagnostics.ts';
import { registerDocuments } from './documents.ts';
import { type FeatureHost, featureCapabilities, registerFeatures } from './features.ts';
import { answer, type Log } from './handle.ts';
import { readSettings } from './settings.ts';
import { watchedGlobs } from './watched.ts';

/** How long what was read may be trusted when the client watches no files, in milliseconds. */
const unwatchedMs = 1000;
/** How long a change may wait for others before clients are told to ask again, in milliseconds. */
const coalesceMs = 60;

/** Serves the protocol on a connection until the client says exit. `pages` is where the rules' pages are, unless the client knows better. */
export function startServer(connection: Connection, pages: string): Workspace {
  const server = new LanguageServer(connection, pages);
  server.listen();
  return server.workspace;
}

/** Ties the protocol's messages to the workspace and the features. It knows nothing of Python. */
class LanguageServer implements FeatureHost {
  readonly workspace = new Workspace();
  client = unknownClient;
  readonly #connection: Connection;
  readonly #pages: string;
  readonly #log: Log;
  readonly #diagnostics: Diagnostics;
  #refreshing: NodeJS.Timeout | undefined;

  constructor(connection: Connection, pages: string) {
    this.#connection = connection;
    this.#pages = pages;
    this.#log = { warn: (message) => connection.console.warn(message), error: (message) => connection.console.error(message) };
    this.#diagnostics = new Diagnostics(this.workspace, connection, this.#log, coalesceMs);
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onDidChangeConfiguration(({ settings }) => this.#configure((settings as { spell?: unknown } | null)?.spell));
    connection.onDidChangeWatchedFiles(({ changes }) => this.#filesChanged(changes.map((change) => change.uri)));
    connection.onNotification('workspace/didChangeWorkspaceFolders', ({ event }) => this.#foldersChanged(event));
    connection.onNotification(languageServerMethods.controlPlane, (facts) => {
      this.workspace.setFacts(facts);
      this.#changed();
    });
    connection.onNotification(languageServerMethods.environment, (facts) => this.#environmentChanged(facts?.python));
    connection.onRequest(languageServerMethods.check, async (request: CheckRequest) => (await check(request)).diagnostics);
    connection.onRequest(languageServerMethods.samplePayload, (request: SampleRequest, token) => this.#samplePayload(request, token));
    connection.onShutdown(() => {
      this.#diagnostics.dispose();
      clearTimeout(this.#refreshing);
    });
    registerDocuments(connection, this.workspace, {
      edited: () => this.#diagnostics.edited(),
      closed: (uri) => {
        this.#diagnostics.closed(uri);
        this.#changed();
      },
    });
    connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
      await this.#lookAgain();
      const report = await this.#diagnostics.pull(uri, previousResultId, token);
      // The type of this request's answer leaves no room for the error of a cancelled one.
      if (report instanceof ResponseError) throw report;
      return report;
    });
    registerFeatures(connection, this);
    connection.listen();
  }

  async run<T>(
    name: string,
    uri: string,
    token: CancellationToken,
    feature: (subject: Subject) => T,
  ): Promise<T | null | ResponseError<void>> {
    await this.#lookAgain();
    const settled = await answer(this.workspace, this.#log, { name, uri, token }, feature);
    return settled instanceof ResponseError ? settled : settled.value;
  }

  async #samplePayload({ uri, classname }: SampleRequest, token: CancellationToken): Promise<Sample | null> {
    const found = await this.run('a sample payload', uri, token, (subject): Sample | null => {
      const payload = subject instanceof PredictorFile ? samplePayload(subject, classname) : undefined;
      return payload === undefined ? null : { payload };
    });
    if (found instanceof ResponseError) throw found;
    return found;
  }

  #initialize({ capabilities, initializationOptions, workspaceFolders, rootUri }: InitializeParams): InitializeResult {
    const { workspace } = this;
    const options = (initializationOptions ?? {}) as LanguageServerOptions;
    this.client = clientOf(capabilities);
    this.#diagnostics.configure(this.client);
    const folders = workspaceFolders?.map((folder) => folder.uri) ?? (rootUri ? [rootUri] : []);
    workspace.roots = folders.flatMap((folder) => pathOfUri(folder) ?? []);
    workspace.options = { rulePages: this.#pages, ...options };
    workspace.setFacts(options.controlPlane ?? null);
    if (options.environment) this.#environmentChanged(options.environment.python);
    return {
      serverInfo: { name: 'Spell', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        diagnosticProvider: { identifier: 'spell', interFileDependencies: true, workspaceDiagnostics: false },
        workspace: { workspaceFolders: { supported: true, changeNotifications: this.client.folders } },
        ...featureCapabilities(workspace.options),
      },
    };
  }

  async #initialized(): Promise<void> {
    if (this.client.watches) {
      const registered = this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watchedGlobs });
      await registered.catch((error: unknown) => this.#log.error(`files cannot be watched: ${String(error)}`));
    }
    if (this.client.tellsOfSettings) {
      const registered = this.#connection.client.register(DidChangeConfigurationNotification.type, { section: 'spell' });
      await registered.catch((error: unknown) => this.#log.error(`changed settings are not told: ${String(error)}`));
    }
    await this.#configure();
  }

  /** Asks for the settings; a client that cannot be asked has sent them, or has none. */
  async #configure(sent?: unknown): Promise<void> {
    const raw: unknown = this.client.configures ? await this.#connection.workspace.getConfiguration('spell').catch(() => undefined) : sent;
    this.workspace.setSettings(readSettings(raw));
    this.#changed();
  }

  #environmentChanged(python: string | undefined): void {
    void this.workspace.setPython(python).then(() => this.#changed());
  }

  #filesChanged(uris: readonly string[]): void {
    const known = uris.map((uri) => {
      const path = pathOfUri(uri);
      return path !== undefined && this.workspace.files.disk.forget(path);
    });
    // Only what somebody read before can change what was said.
    if (known.includes(true)) this.#changed();
  }

  #foldersChanged({ added, removed }: { readonly added: readonly { uri: string }[]; readonly removed: readonly { uri: string }[] }): void {
    const paths = (folders: readonly { uri: string }[]): string[] => folders.flatMap((folder) => pathOfUri(folder.uri) ?? []);
    const gone = new Set(paths(removed));
    this.workspace.setRoots([...this.workspace.roots.filter((root) => !gone.has(root)), ...paths(added)]);
    this.#changed();
  }

  /** Without a client that watches, what was read a while ago is looked at again before it is relied on. */
  async #lookAgain(): Promise<void> {
    if (!this.client.watches) await this.workspace.files.disk.revalidate(unwatchedMs, Date.now());
  }

  /** What is no edit changed: a file on disk, a setting, the control plane, the environment. Clients are told once for several. */
  #changed(): void {
    this.#diagnostics.changed();
    this.#showAgain();
  }

  /** What stands between the lines changed. */
  #showAgain(): void {
    const { lenses, hints } = this.client.refreshes;
    if (!lenses && !hints) return;
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined;
      // A client that is about to end does not answer.
      if (lenses) void this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
      if (hints) void this.#connection.languages.inlayHint.refresh().catch(() => {});
    }, coalesceMs);
  }
}
