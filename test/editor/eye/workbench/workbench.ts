import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { editorTools } from '../../../../scripts/testing/editor/editor-tools.ts';
import { eventually } from '../../../harness/eventually.ts';
import type { Place } from '../../harness/place.ts';
import { type EditorWindow, openWindow } from '../../harness/window.ts';
import type { WindowOptions } from '../../harness/window-options.ts';
import type { Invocation } from '../../runner/invoke.ts';
import { QuickInput } from './quick-input.ts';

const readyWithinMs = 90_000;

/**
 * VS Code as a person has it: what is on the screen by its words, and what hands can do. Locators wait by themselves, so
 * an expectation is `await locator.waitFor()`.
 */
export class Workbench {
  readonly window: EditorWindow;
  readonly page: Page;
  /** Where commands and wizards ask. */
  readonly quick: QuickInput;

  constructor(window: EditorWindow) {
    this.window = window;
    this.page = window.page;
    this.page.setDefaultTimeout(30_000);
    this.quick = new QuickInput(this.page);
  }

  /** Waits until the workbench is there, and the runner extension in its extension host answers. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: readyWithinMs });
    await eventually(() => this.invoke({ active: 'vscode.emmet' }), readyWithinMs);
  }

  /** Asks the extension host; the answer is what the command resolved to, as JSON. */
  async invoke<T>(invocation: Invocation): Promise<T> {
    const port = await readFile(this.window.place.invokeFile, 'utf8');
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(invocation) });
    const { result, error } = (await answer.json()) as { result: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  /** Asks the control plane of the window, by the client that the extension gives to others. */
  api<T>(method: string, input: object = {}): Promise<T> {
    return this.invoke({ api: method, input });
  }

  /** Chooses a command in the palette by its whole title, as `Spell: Restart Language Server`. */
  async palette(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.fill(`>${title}`);
    await this.row(title).click();
  }

  /** The box of a quick pick, an input or the palette. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type="text"]');
  }

  /** A row of a quick pick that has these words. */
  row(words: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: words }).first();
  }

  /** Types an answer into the box and accepts it; the last one of a command, after which the box goes. */
  async answer(text: string): Promise<void> {
    await this.quickInput.fill(text);
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Opens a file of the window's folder, by its path there. */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.quickInput.fill(path);
    await this.row(path).click();
    await this.tab(path).waitFor();
  }

  /** An editor's tab, by the words on it. */
  tab(words: string): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: words });
  }

  /** The lines of the active editor, without those that are scrolled out of sight. */
  get editor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  /** Shows a container of views by the name of its icon in the activity bar. */
  async openContainer(name: string): Promise<void> {
    await this.page.locator(`.activitybar .action-label[aria-label^="${name}"]`).click();
  }

  /** The views beside the editors. */
  get sideBar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** The header of a view in the side bar or in the panel; a click opens or closes it. */
  view(name: string): Locator {
    return this.page.locator('.pane-header').filter({ hasText: new RegExp(`^${name}`, 'i') });
  }

  /** An item of any tree that is open, by its accessible name or a part of it. */
  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  /** An action beside a tree item, which is shown while the item has the mouse. */
  async clickAction(item: Locator, title: string): Promise<void> {
    await item.hover();
    await item.locator(`.action-label[aria-label^="${title}"]`).click();
  }

  /**
   * Chooses an entry of an item's context menu: points at it and presses Enter, since the editor's menus do not listen to
   * the mouse's button for the first 100 ms that they are open.
   */
  async contextMenu(item: Locator, entry: string): Promise<void> {
    await item.click({ button: 'right' });
    const menu = this.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: entry }).hover();
    await menu.locator('.action-item.focused').filter({ hasText: entry }).waitFor();
    await this.page.keyboard.press('Enter');
    await menu.waitFor({ state: 'hidden' });
  }

  /**
   * Waits for a notification by the words on it, in the list of them, which stays open: the smoke-test driver, without which
   * no page could ask for our extension, keeps the editor from showing them by itself.
   */
  async notification(words: string | RegExp): Promise<Locator> {
    await this.invoke({ command: 'notifications.showList' });
    const found = this.notifications(words).first();
    await found.waitFor();
    return found;
  }

  /** The notifications with these words, while the list of them is open. */
  notifications(words: string | RegExp): Locator {
    return this.page.locator('.notifications-center .notification-list-item').filter({ hasText: words });
  }

  /** What the status bar says of the errors of all files, once there are so many. */
  problems(errors: number): Locator {
    return this.page.locator('[id="status.problems"]').filter({ hasText: new RegExp(`^\\s*${errors}\\s`) });
  }

  /** The modal dialog that asks, by the words on it. */
  dialog(words: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: words });
  }

  /** An item of the status bar, by its words. */
  statusBar(words: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: words });
  }

  /** What a webview shows: a frame within a frame. With several open, `nth` tells which. */
  webview(nth = 0): FrameLocator {
    return this.page.locator('iframe.webview').nth(nth).contentFrame().frameLocator('iframe#active-frame');
  }

  /** Opens another window of the same editor and home, with a copy of a folder; it is closed with this one. */
  async beside(workspace: string): Promise<Workbench> {
    return await loaded(await this.window.beside(workspace));
  }

  /** Opens the window again that a person has left. */
  async comeBack(): Promise<void> {
    await this.window.load();
    await this.ready();
  }

  /** Ends the window, and fails the test when something of it is left. */
  async close(): Promise<void> {
    assert.deepEqual(await this.window.close(), [], 'the window is closed, and these still run');
  }
}

/**
 * Opens a window and waits until hands can be laid on it. `prepare` is for what is to be there before: a home with something in it.
 * The caller closes it.
 */
export async function openWorkbench(options: WindowOptions, prepare?: (place: Place) => Promise<void>): Promise<Workbench> {
  const window = await openWindow(options, await editorTools());
  try {
    await prepare?.(window.place);
    return await loaded(window);
  } catch (error) {
    const evidence = await window.keepEvidence('open');
    await window.close();
    throw new Error(`the window did not come: see ${evidence}`, { cause: error });
  }
}

async function loaded(window: EditorWindow): Promise<Workbench> {
  const workbench = new Workbench(window);
  await window.load();
  await workbench.ready();
  return workbench;
}
