import type * as vscode from 'vscode';
import type { Editor, EnvironmentProvider } from './environment-provider.ts';

/** What of its API is used (`ms-python.python`, its public surface). */
interface Python {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
    onDidChangeActiveEnvironmentPath(listener: () => void): vscode.Disposable;
  };
}

/** The Python extension as a provider; undefined where it is not there. */
export async function pythonExtension({ extensions }: Editor): Promise<EnvironmentProvider | undefined> {
  const api = await extensions.getExtension<Python | undefined>('ms-python.python')?.activate();
  const environments = api?.environments;
  if (!environments) return undefined;
  return {
    interpreter: async (resource) => {
      const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(resource));
      return resolved?.executable.uri?.fsPath;
    },
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
  };
}
