import type * as vscode from 'vscode';
import type { Client } from '../runtime/api/http/client-types.ts';
import type { ControlPlane } from './control-plane/control-plane.ts';
import type { RecentLines } from './diagnostics/recent-lines.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { LanguageServer } from './language-server/language-server.ts';
import type { LogPanel } from './logs/log-panel.ts';
import type { Answers } from './requests/answers.ts';

/** All that a contribution or a command knows of the world. Tests hand in another one. */
export interface Context {
  /** The editor's API, as a value: only `extension.ts` imports it. */
  code: typeof vscode;
  extension: vscode.ExtensionContext;
  /** *Output: Spell*. */
  log: vscode.LogOutputChannel;
  /** Its last lines, for a report. */
  recent: RecentLines;
  /** The control plane of this window: whether it is there, and what happens in it. */
  controlPlane: ControlPlane;
  /** Its API. A call connects first, and starts a control plane where none runs. */
  client: Client;
  /** What it has: models, model servers, resources; kept up to date by its events. */
  inventory: Inventory;
  languageServer: LanguageServer;
  /** What model servers answered to requests from this window. */
  answers: Answers;
  logPanel: LogPanel;
}

/** A part of the extension. It registers itself and awaits nothing: `activate` must not wait. */
export interface Contribution {
  /** The result is disposed with the extension. */
  register(context: Context): vscode.Disposable;
}
