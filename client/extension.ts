import * as vscode from 'vscode';
import type { Client } from '../runtime/api/http/client-types.ts';
import type { Context } from './context.ts';
import { makeContext } from './make-context.ts';
import { contributions } from './registrations.ts';

/** What another extension gets from `activate`. */
export interface SpellExports {
  /** The version of this surface. */
  api: 1;
  /** The control plane's API. A call connects first, and starts a control plane where none runs. */
  client: Client;
}

let context: Context | undefined;

/** Registers everything; waits for nothing. */
export function activate(extension: vscode.ExtensionContext): SpellExports {
  const made = makeContext(vscode, extension);
  context = made;
  extension.subscriptions.push(...contributions.map((each) => each.register(made)));
  return { api: 1, client: made.client };
}

/** Waits for what must not outlive the window. */
export function deactivate(): Promise<void> | undefined {
  return context?.languageServer.stop();
}
