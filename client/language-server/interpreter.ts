import type * as vscode from 'vscode';

/** What of the Python extension's API is used (`ms-python.python`, its public surface). */
interface PythonExtension {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
    onDidChangeActiveEnvironmentPath(listener: () => void): vscode.Disposable;
  };
}

const pythonExtension = 'ms-python.python';

/** The interpreter that people chose: our setting, else the Python extension's environment. Undefined when there is neither. */
export async function chosenInterpreter({
  workspace,
  extensions,
}: Pick<typeof vscode, 'workspace' | 'extensions'>): Promise<string | undefined> {
  const setting = workspace.getConfiguration('spell').get<string>('python.path');
  if (setting) return setting;
  const extension = extensions.getExtension<PythonExtension>(pythonExtension);
  if (!extension) return undefined;
  const { environments } = (await extension.activate()) ?? {};
  if (!environments) return undefined;
  const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath());
  return resolved?.executable.uri?.fsPath;
}

/** Calls `changed` with every interpreter that is really another one: the extension tells of the same one several times. */
export function watchInterpreter(
  code: Pick<typeof vscode, 'workspace' | 'extensions'>,
  changed: (python: string | undefined) => void,
): vscode.Disposable {
  let last: string | undefined;
  let first = true;
  const look = async (): Promise<void> => {
    const python = await chosenInterpreter(code).catch(() => undefined);
    if (!first && python === last) return;
    first = false;
    last = python;
    changed(python);
  };
  const listening: vscode.Disposable[] = [
    code.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('spell.python.path') && void look()),
  ];
  const listen = async (): Promise<void> => {
    const api = await code.extensions.getExtension<PythonExtension>(pythonExtension)?.activate();
    if (api?.environments) listening.push(api.environments.onDidChangeActiveEnvironmentPath(() => void look()));
  };
  void listen().catch(() => {});
  void look();
  return { dispose: () => listening.forEach((each) => void each.dispose()) };
}
