import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually } from '../../../harness/eventually.ts';
import { focused } from './in-page.ts';
import type { Workbench } from './workbench.ts';

/** What a ring must stand out by (WCAG 2.2, 1.4.11). */
const leastRing = 3;
const withinMs = 30_000;
/** How long a key may take to lead on. */
const heardWithinMs = 2000;
/** How long the editor may take to list the lenses of a line. */
const listedWithinMs = 10_000;
/** How often a key is pressed on the way to something. */
const mostSteps = 25;

/** A person without a mouse: goes on only from what has the keyboard, which must be seen and have a name. */
export class Keyboard {
  readonly #workbench: Workbench;
  /** The whole window, but not what is in its webviews. */
  readonly #window: Locator;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.#window = workbench.page.locator('body');
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#workbench.page.keyboard.press(key);
  }

  /** Types over what is selected, or into what is empty. */
  async type(text: string): Promise<void> {
    await this.#workbench.page.keyboard.type(text);
  }

  /** Waits until something of this name has the keyboard, and that it is seen. `within` is a part of a webview, if it is there. */
  async on(name: string | RegExp, within = this.#window): Promise<void> {
    await eventually(async () => {
      const now = await focused(within);
      assert.ok(isCalled(name, now.name), `${JSON.stringify(now.name)} has the keyboard, not ${name}`);
      assert.ok(now.ring >= leastRing, `the ring around ${JSON.stringify(now.name)} has a contrast of ${now.ring.toFixed(1)}`);
    }, withinMs);
  }

  /** Waits until a webview has the keyboard, told by a part of it: before, a key would be the workbench's. */
  async isIn(webview: Locator): Promise<void> {
    await eventually(
      async () => assert.ok(await webview.evaluate((part) => part.ownerDocument.hasFocus()), 'the webview does not have the keyboard'),
      withinMs,
    );
  }

  /** Presses a key until it has led to something of this name. */
  async goBy(key: string, name: string | RegExp, within = this.#window): Promise<void> {
    const passed: string[] = [];
    for (;;) {
      const now = await focused(within);
      if (isCalled(name, now.name)) return await this.on(name, within);
      passed.push(now.name);
      assert.ok(passed.length <= mostSteps, `${key} does not lead to ${name}: ${passed.join(' | ')}`);
      await this.press(key);
      await eventually(async () => assert.notEqual((await focused(within)).name, now.name), heardWithinMs).catch(() => {});
    }
  }

  /** Chooses a command in the palette. */
  async command(title: string): Promise<void> {
    await this.press('F1');
    await this.choose(title, title);
  }

  /**
   * Chooses what a class's lenses offer; the cursor stands in its line. While the editor reads them anew it shows the former ones and
   * does not list them, without a word: one asks again then.
   */
  async lens(title: string): Promise<void> {
    const listed = async (): Promise<void> => {
      await this.command('Show CodeLens Commands for Current Line');
      await this.#newBox(listedWithinMs);
    };
    await listed().catch(listed);
    await this.choose(title, title);
  }

  /** Types into the box that is open, and accepts the row that this leads to. */
  async choose(typed: string, row: string | RegExp): Promise<void> {
    await this.#newBox();
    await this.type(typed);
    await this.on(typeof row === 'string' ? new RegExp(`^${row}(,|$)`) : row);
    await this.press('Enter');
  }

  /** Waits until a box has the keyboard in which nothing is typed yet: one that closes still shows what was chosen in it. */
  async #newBox(within = withinMs): Promise<void> {
    const box = this.#workbench.quickInput;
    await eventually(async () => {
      assert.ok(await box.evaluate((input) => input.matches(':focus')), 'no box has the keyboard');
      assert.match(await box.inputValue(), /^[>:]?$/);
    }, within);
  }

  /** Chooses an entry of the menu of what has the keyboard; its key may stand beside it. */
  async menu(entry: string): Promise<void> {
    const menu = this.#workbench.page.locator('.monaco-menu');
    await this.press('Shift+F10');
    await menu.waitFor();
    await this.goBy('ArrowDown', new RegExp(`^${entry}(\\w+\\+\\w+)?$`));
    await this.press('Enter');
    await menu.waitFor({ state: 'hidden' });
  }

  /** Goes to a line of the editor that has the keyboard. */
  async line(number: number): Promise<void> {
    await this.press('Control+G');
    await this.#newBox();
    await this.type(String(number));
    await this.press('Enter');
    await this.#workbench.statusBar(`Ln ${number}, Col 1`).waitFor();
  }
}

function isCalled(name: string | RegExp, found: string): boolean {
  return typeof name === 'string' ? found === name : name.test(found);
}
