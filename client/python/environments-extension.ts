import type * as vscode from 'vscode';
import type { Editor, EnvironmentProvider } from './environment-provider.ts';

/** What of its API is used (`ms-python.vscode-python-envs`, `src/api.ts` there). */
interface Environments {
  getEnvironment(scope: vscode.Uri | undefined): Promise<Environment | undefined>;
  resolveEnvironment(path: vscode.Uri): Promise<Environment | undefined>;
  onDidChangeEnvironment(listener: () => void): vscode.Disposable;
}

interface Environment {
  environmentPath: vscode.Uri;
  /** Not there before the environment is resolved. */
  execInfo?: { run: { executable: string } };
}

/** The Python Environments extension as a provider; undefined where it is not there or not in charge. */
export async function environmentsExtension({ extensions, workspace }: Editor): Promise<EnvironmentProvider | undefined> {
  const extension = extensions.getExtension<Environments | null>('ms-python.vscode-python-envs');
  // Where it is installed and switched off it starts all the same, with half an API or none.
  if (!extension || workspace.getConfiguration('python').get('useEnvironmentsExtension') === false) return undefined;
  const api = await extension.activate();
  if (!api) return undefined;
  return {
    interpreter: async (resource) => {
      const selected = await api.getEnvironment(resource);
      const known = selected?.execInfo ? selected : selected && (await api.resolveEnvironment(selected.environmentPath));
      return known?.execInfo?.run.executable;
    },
    onDidChange: (listener) => api.onDidChangeEnvironment(listener),
  };
}
