import type * as vscode from 'vscode';
import { readSetting } from '../contributions.ts';
import { type Editor, type EnvironmentProvider, environmentProvider } from './environment-provider.ts';

/** The interpreter of `spell.python.path`, which counts as if `--python` had been said. */
export function interpreterOfSetting({ workspace }: Pick<Editor, 'workspace'>, resource?: vscode.Uri): string | undefined {
  return readSetting({ workspace }, 'python.path', resource) || undefined;
}

/** The interpreter that is selected in the editor for a file or a folder. Undefined when none is, or when nobody can be asked. */
export async function selectedInterpreter(editor: Editor, resource?: vscode.Uri): Promise<string | undefined> {
  const provider = await environmentProvider(editor).catch(() => undefined);
  return provider?.interpreter(resource).catch(() => undefined);
}

/**
 * Tells the interpreter of the window, our setting's before the selected one, and from then on each that is really another: the
 * extensions speak more often than that.
 */
export function watchInterpreter(editor: Editor, changed: (python: string | undefined) => void): vscode.Disposable {
  let provider: EnvironmentProvider | undefined;
  let told: { python: string | undefined } | undefined;
  let disposed = false;
  // One look after the other, so that the last word is the newest.
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    looking = looking.then(async () => {
      const python = interpreterOfSetting(editor) ?? (await provider?.interpreter().catch(() => undefined));
      if (disposed || (told && told.python === python)) return;
      told = { python };
      changed(python);
    });
  };
  const listening: vscode.Disposable[] = [];
  const findProvider = async (): Promise<void> => {
    const found = await environmentProvider(editor).catch(() => undefined);
    if (disposed || provider) return;
    provider = found;
    if (provider) listening.push(provider.onDidChange(look));
    look();
  };
  listening.push(
    editor.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('spell.python.path')) look();
    }),
    // One of them may be installed later.
    editor.extensions.onDidChange(() => {
      if (!provider) void findProvider();
    }),
  );
  void findProvider();
  return {
    dispose: () => {
      disposed = true;
      for (const each of listening) each.dispose();
    },
  };
}
