import type * as vscode from 'vscode';
import { asSpellError, SpellError } from '../../runtime/api/errors.ts';
import type { LogStart } from '../../runtime/api/log-cursor.ts';
import { showFailure } from '../commands/show-failure.ts';
import type { Context, Contribution } from '../context.ts';
import { runCommand, setContextKey, views } from '../contributions.ts';
import { Feed } from './feed.ts';
import { followLog } from './follow-log.ts';
import type { Entry, FromPanel, LogsTarget, PanelState, ToPanel } from './messages.ts';
import { openSource } from './open-source.ts';
import { panelFolder, panelPage } from './panel-page.ts';

/**
 * Where the panel's state is kept. The page's own `setState` would do, but for a window in a browser: that writes such state once a
 * minute, and after a reload the panel would be where it was then.
 */
const stateKey = 'spell.logs.panel';

/** What a log begins with that is opened for the first time. */
const shownAtFirst: LogStart = { tail: '10000' };

const clock = {
  now: () => performance.now(),
  after: (ms: number, callback: () => void): (() => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The extension's side of the panel `spell.logs`. It reads the log of one model server or pod while the panel can be seen, and
 * keeps nothing of it but where the panel is in it: the lines are the panel's.
 */
export class LogPanel {
  /** What the panel shows, or will show as soon as it is there. */
  target: LogsTarget | undefined;
  #view: vscode.WebviewView | undefined;
  /** Asked for while the panel was not there yet. */
  #wanted: LogsTarget | undefined;
  #isReady = false;
  #reading: { feed: Feed<Entry>; ended: AbortController } | undefined;
  #asked = Promise.withResolvers<string>();

  /** Opens the panel, and shows this log from its newest lines on. */
  async show(context: Context, target: LogsTarget): Promise<void> {
    this.#wanted = target;
    await context.code.commands.executeCommand(`${views.logs}.focus`);
    if (this.#isReady && this.#wanted) this.#begin(context, this.#wanted, shownAtFirst);
  }

  clear(): void {
    this.#post({ type: 'clear' });
  }

  /** What the filter lets through, as text. Rejects while the panel is hidden: then nobody has it. */
  async text(): Promise<string> {
    if (!this.#isReady) throw new SpellError('not-running', 'the log panel is not open', 'open it: the command "Spell: Show Logs"');
    this.#asked = Promise.withResolvers();
    this.#post({ type: 'tellText' });
    return await this.#asked.promise;
  }

  /** Called by the editor when the panel is to be seen, also again after it was hidden. */
  resolve(context: Context, view: vscode.WebviewView): void {
    const { code, extension } = context;
    this.#view = view;
    this.#isReady = false;
    view.webview.options = { enableScripts: true, localResourceRoots: [panelFolder(code, extension.extensionUri)] };
    view.webview.onDidReceiveMessage((message: FromPanel) => this.#hear(context, message));
    // The page of a hidden panel is gone: what is sent to it then, nobody gets. The next page says that it is there.
    view.onDidChangeVisibility(() => {
      if (this.#view === view && !view.visible) this.#leave();
    });
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#leave();
    });
    view.webview.html = panelPage(code, view.webview, extension.extensionUri);
  }

  dispose(): void {
    this.#end();
  }

  #hear(context: Context, message: FromPanel): void {
    switch (message.type) {
      case 'ready':
        this.#restore(context);
        break;
      case 'remember':
        void context.extension.workspaceState.update(stateKey, message.state);
        break;
      case 'acknowledge':
        this.#reading?.feed.acknowledge();
        break;
      case 'openFile':
        if (this.target) openSource(context, this.target, message.path, message.line).catch((error) => showFailure(context, error));
        break;
      case 'choose':
        void runCommand(context.code, 'spell.modelServer.showLogs');
        break;
      case 'shownText':
        this.#asked.resolve(message.text);
    }
  }

  /** The page is there, for the first time or again. */
  #restore(context: Context): void {
    const state = context.extension.workspaceState.get<PanelState>(stateKey);
    this.#isReady = true;
    this.#end();
    this.#post({ type: 'restore', state });
    if (this.#wanted) this.#begin(context, this.#wanted, shownAtFirst);
    else if (state?.target) this.#begin(context, state.target, state.start ?? shownAtFirst);
    // Hidden before it could tell anything.
    else if (this.target) this.#begin(context, this.target, shownAtFirst);
  }

  #begin({ code, controlPlane, log }: Context, target: LogsTarget, start: LogStart): void {
    if (!this.#view) return;
    this.#wanted = undefined;
    this.#end();
    this.target = target;
    this.#view.description = [target.owner, target.name, ...(target.pod === undefined ? [] : [target.pod])].join('/');
    setContextKey(code, 'spell.logs.shown', true);
    const ended = new AbortController();
    const feed = new Feed<Entry>((entries) => this.#post({ type: 'entries', entries }), clock);
    this.#reading = { feed, ended };
    this.#post({ type: 'begin', target, start });
    const { l10n } = code;
    const add = (entry: Entry): Promise<void> => feed.add(entry);
    followLog({ controlPlane, l10n, target, start, signal: ended.signal, add }).catch((error: unknown) => {
      const { message } = asSpellError(error);
      log.error(message);
      return add({ marker: message });
    });
  }

  #leave(): void {
    this.#isReady = false;
    this.#end();
  }

  #end(): void {
    this.#reading?.ended.abort();
    this.#reading?.feed.dispose();
    this.#reading = undefined;
  }

  #post(message: ToPanel): void {
    void this.#view?.webview.postMessage(message);
  }
}

/** The panel, as the editor knows it. It may forget the page while nobody sees it. */
export const logPanelView: Contribution = {
  register(context) {
    return context.code.window.registerWebviewViewProvider(views.logs, {
      resolveWebviewView: (view) => context.logPanel.resolve(context, view),
    });
  },
};
