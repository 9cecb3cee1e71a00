import type * as vscode from 'vscode';
import { environmentsExtension } from './environments-extension.ts';
import { pythonExtension } from './python-extension.ts';

/** Who knows which Python environment a person selected in the editor. */
export interface EnvironmentProvider {
  /** The interpreter that is selected for a file or a folder, or for the window; undefined when none is. */
  interpreter(resource?: vscode.Uri): Promise<string | undefined>;
  /** Also called when nothing that matters here has changed, and several times for one change: both extensions do that. */
  onDidChange(listener: () => void): vscode.Disposable;
}

/** What of the editor is asked for a provider. */
export type Editor = Pick<typeof vscode, 'extensions' | 'workspace'>;

/**
 * The Python Environments extension, else the Python extension, which is started for it. Undefined when neither is there: people
 * need none of them to serve.
 */
export async function environmentProvider(editor: Editor): Promise<EnvironmentProvider | undefined> {
  return (await environmentsExtension(editor)) ?? (await pythonExtension(editor));
}
