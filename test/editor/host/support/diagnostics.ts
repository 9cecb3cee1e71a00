import * as vscode from 'vscode';

/** How long the language server may take, on a machine that does other things, too. */
const timeoutMs = 20_000;

/** The codes of a document's findings that are ours. */
export function codesOf(diagnostics: readonly vscode.Diagnostic[]): unknown[] {
  return ours(diagnostics).map(({ code }) => (typeof code === 'object' ? code.value : code));
}

/** Waits until our findings of a document fulfil a condition, and returns them; the error tells what they were instead. */
export async function findings(
  uri: vscode.Uri,
  fulfilled: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  const current = (): readonly vscode.Diagnostic[] => ours(vscode.languages.getDiagnostics(uri));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    if (fulfilled(current())) resolve();
  };
  const listening = vscode.languages.onDidChangeDiagnostics(look);
  const timer = setTimeout(() => reject(new Error(`the findings of ${uri} are still [${codesOf(current()).join(', ')}]`)), timeoutMs);
  look();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    listening.dispose();
  }
  return current();
}

function ours(diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] {
  return diagnostics.filter(({ source }) => source === 'spell');
}
