import * as vscode from 'vscode';
import { registerShowStatus } from './commands/controlPlane/showStatus.ts';
import { LanguageServer } from './language-server/language-server.ts';

/** What another extension gets from `activate`. */
export interface SpellExports {
  /** The version of this surface. */
  api: 1;
}

let languageServer: LanguageServer | undefined;

/** Registers everything; waits for nothing. */
export function activate(context: vscode.ExtensionContext): SpellExports {
  languageServer = new LanguageServer(vscode, context);
  context.subscriptions.push(registerShowStatus(vscode), languageServer.register());
  return { api: 1 };
}

/** Waits for what must not outlive the window. */
export function deactivate(): Promise<void> | undefined {
  return languageServer?.stop();
}
