import * as vscode from 'vscode';
import { registerShowStatus } from './commands/controlPlane/showStatus.ts';

/** What another extension gets from `activate`. */
export interface SpellExports {
  /** The version of this surface. */
  api: 1;
}

/** Registers everything; waits for nothing. */
export function activate(context: vscode.ExtensionContext): SpellExports {
  context.subscriptions.push(registerShowStatus(vscode));
  return { api: 1 };
}
