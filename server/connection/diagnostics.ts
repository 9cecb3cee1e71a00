import { type Connection, type Diagnostic, type DocumentDiagnosticReport, ResponseError } from 'vscode-languageserver';
import { diagnose, type Subject } from '../features/diagnose.ts';
import { toDiagnostic } from '../features/to-diagnostic.ts';
import { isCurrent, type Settled, type Workspace } from '../workspace/workspace.ts';
import { type Client, unknownClient } from './client.ts';
import { answer, type Log } from './handle.ts';

/** What clients were told last about a document. */
interface Told {
  readonly resultId: string;
  readonly settled: Settled<Diagnostic[] | null>;
}

/** Diagnostics, pulled by the client, or pushed to those that cannot pull. */
export class Diagnostics {
  readonly #workspace: Workspace;
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #told = new Map<string, Told>();
  readonly #pushing = new Set<string>();
  #results = 0;
  readonly #coalesceMs: number;
  #client = unknownClient;
  #timer: NodeJS.Timeout | undefined;

  constructor(workspace: Workspace, connection: Connection, log: Log, coalesceMs: number) {
    this.#coalesceMs = coalesceMs;
    this.#workspace = workspace;
    this.#connection = connection;
    this.#log = log;
  }

  configure(client: Client): void {
    this.#client = client;
  }

  /** Answers a pull. What was told before and still holds is not sent again. */
  async pull(
    uri: string,
    previous: string | undefined,
    token: Parameters<typeof answer>[2]['token'],
  ): Promise<DocumentDiagnosticReport | ResponseError<void>> {
    const told = this.#told.get(uri);
    if (told && told.resultId === previous && isCurrent(this.#workspace, told.settled))
      return { kind: 'unchanged', resultId: told.resultId };
    const settled = await answer(this.#workspace, this.#log, { name: 'diagnostics', uri, token }, (subject) => this.#diagnose(subject));
    if (settled instanceof ResponseError) return settled;
    const resultId = String(++this.#results);
    this.#told.set(uri, { resultId, settled });
    return { kind: 'full', resultId, items: settled.value ?? [] };
  }

  /** Something changed that diagnostics of any document may depend on. */
  changed(): void {
    if (this.#client.pullsDiagnostics && !this.#client.refreshes.diagnostics) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#client.pullsDiagnostics) void this.#connection.languages.diagnostics.refresh().catch(() => {});
      else for (const document of this.#workspace.files.documents.all()) void this.#push(document.uri);
    }, this.#coalesceMs);
  }

  /** A document was edited. Clients that pull know that themselves. */
  edited(): void {
    if (!this.#client.pullsDiagnostics) this.changed();
  }

  closed(uri: string): void {
    this.#told.delete(uri);
    if (!this.#client.pullsDiagnostics) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  async #push(uri: string): Promise<void> {
    // One at a time for a document: a later state's diagnostics never come before an earlier one's.
    if (this.#pushing.has(uri)) return this.changed();
    const told = this.#told.get(uri);
    if (told && isCurrent(this.#workspace, told.settled)) return;
    this.#pushing.add(uri);
    try {
      const settled = await answer(this.#workspace, this.#log, { name: 'diagnostics', uri, token: never }, (subject) =>
        this.#diagnose(subject),
      );
      const document = this.#workspace.files.documents.all().find((each) => each.uri === uri);
      if (settled instanceof ResponseError || !document) return;
      this.#told.set(uri, { resultId: String(++this.#results), settled });
      await this.#connection.sendDiagnostics({ uri, version: document.version, diagnostics: settled.value ?? [] });
    } finally {
      this.#pushing.delete(uri);
    }
  }

  #diagnose(subject: Subject): Diagnostic[] {
    const { settings, options } = this.#workspace;
    const page = (code: string): string => `${options.rulePages ?? ''}${code}.md`;
    return diagnose(subject).flatMap((finding) => toDiagnostic(subject, finding, page, settings.severity) ?? []);
  }
}

const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };
