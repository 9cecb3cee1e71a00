import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { isDescribed, modelServerKey } from '../inventory/inventory.ts';
import { type Blamed, blamedBy } from './blamed.ts';

/** Failed starts and rollouts as diagnostics on the line that is to blame, until the next good revision or a removal. */
export const failureDiagnostics: Contribution = {
  register(context) {
    return new FailureDiagnostics(context);
  },
};

class FailureDiagnostics {
  readonly #context: Context;
  readonly #collection: vscode.DiagnosticCollection;
  readonly #blamed = new Map<string, Blamed>();
  readonly #subscriptions: { dispose(): void }[];

  constructor(context: Context) {
    const { code, controlPlane, inventory } = context;
    const { modelServers } = inventory;
    this.#context = context;
    this.#collection = code.languages.createDiagnosticCollection('spell.rollouts');
    this.#subscriptions = [
      this.#collection,
      modelServers.onDidChange(() => this.#tell()),
      // What failed while nobody looked is found when the list is read: one question, for a window in which Python is open.
      controlPlane.onDidChange(() => this.#readIfWanted()),
      code.workspace.onDidOpenTextDocument(() => this.#readIfWanted()),
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

  #tell(): void {
    const { inventory } = this.#context;
    const { modelServers } = inventory;
    // A list does not tell why one failed, nor that an update of one that runs well did.
    if (!modelServers.items.every(isDescribed)) void modelServers.detailed(isDescribed);
    const known = new Set<string>();
    for (const entry of modelServers.items) {
      const key = modelServerKey(entry);
      known.add(key);
      if (!isDescribed(entry)) continue;
      const blamed = blamedBy(entry);
      if (blamed) this.#blamed.set(key, blamed);
      else this.#blamed.delete(key);
    }
    for (const key of this.#blamed.keys()) if (!known.has(key)) this.#blamed.delete(key);
    this.#show();
  }

  #show(): void {
    const { Uri } = this.#context.code;
    const byFile = Map.groupBy(this.#blamed.values(), ({ file }) => file);
    const entries = [...byFile].map(([file, all]): [vscode.Uri, vscode.Diagnostic[]] => [
      Uri.file(file),
      all.map((each) => this.#toDiagnostic(each, this.#open(file))),
    ]);
    this.#collection.clear();
    this.#collection.set(entries);
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
