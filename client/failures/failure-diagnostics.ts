import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { isDescribed, modelServerKey } from '../inventory/inventory.ts';
import type { ListingChange } from '../inventory/listing.ts';
import { type Blamed, blamedBy } from './blamed.ts';

/**
 * Failed starts and rollouts as diagnostics on the line that is to blame, until the next good revision or a removal; in the windows that
 * have the file, in one of their folders or open. Every other window of the home shows the failure at the model server alone.
 */
export const failureDiagnostics: Contribution = {
  register(context) {
    return new FailureDiagnostics(context);
  },
};

class FailureDiagnostics {
  readonly #context: Context;
  readonly #collection: vscode.DiagnosticCollection;
  /** By the key of the model server. */
  readonly #blamed = new Map<string, Blamed>();
  readonly #subscriptions: { dispose(): void }[];

  constructor(context: Context) {
    const { code, controlPlane, inventory } = context;
    const { modelServers } = inventory;
    this.#context = context;
    this.#collection = code.languages.createDiagnosticCollection('spell.rollouts');
    this.#subscriptions = [
      this.#collection,
      modelServers.onDidChange((change) => this.#hear(change)),
      // What failed while nobody looked is found when the list is read: one question, for a window in which Python is open.
      controlPlane.onDidChange(() => this.#readIfWanted()),
      code.workspace.onDidOpenTextDocument((document) => {
        this.#readIfWanted();
        this.#showAgain(document.uri);
      }),
      code.workspace.onDidCloseTextDocument(({ uri }) => this.#showAgain(uri)),
      code.workspace.onDidChangeWorkspaceFolders(() => this.#show([...this.#blamed.values()].map(({ file }) => file))),
    ];
    this.#readIfWanted();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #readIfWanted(): void {
    const { code, controlPlane, inventory } = this.#context;
    if (controlPlane.state.kind !== 'ready' || inventory.modelServers.state !== 'unread') return;
    if (code.workspace.textDocuments.some(({ languageId }) => languageId === 'python')) void inventory.modelServers.read();
  }

  /** Looks at what changed, and says anew what is wrong with the files that it concerns. */
  #hear(change: ListingChange): void {
    const keys = 'key' in change ? [change.key] : this.#all();
    this.#show(keys.flatMap((key) => this.#look(key)));
  }

  /** The keys of all there are and were. A list does not tell why one failed, nor that an update of one that runs well did: that is asked. */
  #all(): string[] {
    const { modelServers } = this.#context.inventory;
    const { items } = modelServers;
    if (!items.every(isDescribed)) void modelServers.detailed(isDescribed);
    return [...new Set([...this.#blamed.keys(), ...items.map(modelServerKey)])];
  }

  /** The files whose diagnostics are others since this model server was looked at last. */
  #look(key: string): string[] {
    const entry = this.#context.inventory.modelServers.get(key);
    // What is not described says nothing yet; what was said holds until then.
    if (entry && !isDescribed(entry)) return [];
    const before = this.#blamed.get(key);
    const now = entry && blamedBy(entry);
    if (isSame(before, now)) return [];
    if (now) this.#blamed.set(key, now);
    else this.#blamed.delete(key);
    return [before, now].flatMap((each) => each?.file ?? []);
  }

  /** A file that is to blame was opened or closed. */
  #showAgain({ scheme, fsPath }: vscode.Uri): void {
    if (scheme === 'file') this.#show([...this.#blamed.values()].flatMap(({ file }) => (file === fsPath ? file : [])));
  }

  #show(files: readonly string[]): void {
    const { Uri } = this.#context.code;
    for (const file of new Set(files)) {
      const document = this.#open(file);
      const isHere = document !== undefined || isInFolders(this.#context.code, file);
      const all = isHere ? [...this.#blamed.values()].filter((each) => each.file === file) : [];
      this.#collection.set(
        Uri.file(file),
        all.map((each) => this.#toDiagnostic(each, document)),
      );
    }
  }

  #open(file: string): vscode.TextDocument | undefined {
    return this.#context.code.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  }

  /** Marks the line, without its indentation where it is open. */
  #toDiagnostic({ line, code: named, message }: Blamed, document: vscode.TextDocument | undefined): vscode.Diagnostic {
    const { Diagnostic, DiagnosticSeverity, Range } = this.#context.code;
    const start = document && line <= document.lineCount ? document.lineAt(line - 1).firstNonWhitespaceCharacterIndex : 0;
    const diagnostic = new Diagnostic(new Range(line - 1, start, line - 1, Number.MAX_SAFE_INTEGER), message, DiagnosticSeverity.Error);
    diagnostic.source = 'spell';
    diagnostic.code = named;
    return diagnostic;
  }
}

/** Whether a file lies in a folder of this window, also in one that is opened by a link: a terminal in it says where it really is. */
function isInFolders({ Uri, workspace }: Pick<typeof vscode, 'Uri' | 'workspace'>, file: string): boolean {
  if (workspace.getWorkspaceFolder(Uri.file(file))) return true;
  return (workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === 'file' && isBelow(realPathOf(uri.fsPath), file));
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith('..') && !isAbsolute(path);
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function isSame(one: Blamed | undefined, other: Blamed | undefined): boolean {
  return one?.file === other?.file && one?.line === other?.line && one?.code === other?.code && one?.message === other?.message;
}
