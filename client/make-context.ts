import type * as vscode from 'vscode';
import { SpellError } from '../runtime/api/errors.ts';
import { spellHome } from '../runtime/api/home.ts';
import { version } from '../runtime/api/version.ts';
import type { Context } from './context.ts';
import { readSetting } from './contributions.ts';
import { ControlPlane } from './control-plane/control-plane.ts';
import { lazyClient } from './control-plane/lazy-client.ts';
import { chooseRuntime, probeRuntime } from './control-plane/node-runtime.ts';
import { RecentLines } from './diagnostics/recent-lines.ts';
import { Inventory } from './inventory/inventory.ts';
import { LanguageServer } from './language-server/language-server.ts';
import { LogPanel } from './logs/log-panel.ts';
import { Answers } from './requests/answers.ts';

/** The context of a window, with nothing in it started yet. What has to be disposed is, with the extension. */
export function makeContext(code: typeof vscode, extension: vscode.ExtensionContext): Context {
  const { l10n, window, workspace, Uri } = code;
  const log = window.createOutputChannel('Spell', { log: true });
  const recent = new RecentLines(500);
  const controlPlane = new ControlPlane({
    home: readSetting(code, 'controlPlane.home') || spellHome(),
    program: Uri.joinPath(extension.extensionUri, 'dist', 'spelld.js').fsPath,
    version,
    env: process.env,
    runtime: () =>
      chooseRuntime({
        chosen: readSetting(code, 'controlPlane.nodePath'),
        path: process.env.PATH ?? process.env.Path,
        ownRuntime: process.execPath,
        platform: process.platform,
        probe: probeRuntime,
      }),
    forbidden: () =>
      workspace.isTrusted
        ? undefined
        : new SpellError(
            'forbidden',
            l10n.t('This window is in restricted mode, in which nothing is started.'),
            l10n.t('Trust the folder first: the command "Workspaces: Manage Workspace Trust".'),
          ),
    say: (line) => {
      log.info(line);
      recent.add(`${new Date().toISOString()} ${line}`);
    },
  });
  const client = lazyClient(() => controlPlane.connect());
  const inventory = new Inventory(
    lazyClient(() => controlPlane.current()),
    controlPlane,
  );
  const logPanel = new LogPanel();
  extension.subscriptions.push(log, controlPlane, inventory, logPanel);
  const languageServer = new LanguageServer(code, extension);
  const answers = new Answers();
  return { code, extension, log, recent, controlPlane, client, inventory, languageServer, logPanel, answers };
}
