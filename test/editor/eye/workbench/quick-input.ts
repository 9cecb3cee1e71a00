import type { Locator, Page } from 'playwright-core';

/** The box at the top in which commands ask, by what a person sees and does there. */
export class QuickInput {
  readonly #page: Page;
  /** All of it. */
  readonly widget: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget');
  }

  /** Waits until its title is this, with the step: `Serve a predictor (2/4)`. */
  async titled(title: string): Promise<void> {
    await this.widget.locator('.quick-input-title').getByText(title, { exact: true }).waitFor();
  }

  /** Waits until that is said below the box: what is asked, or what is wrong with what was typed. */
  async says(words: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-message').filter({ hasText: words }).waitFor();
  }

  /** A row by its accessible name, which is its label with what stands beside it. */
  row(name: string | RegExp): Locator {
    return this.#rows.and(this.#page.getByLabel(name)).first();
  }

  /** The accessible names of the rows that are drawn, from the top. */
  async rows(): Promise<string[]> {
    return Promise.all((await this.#rows.all()).map(async (row) => (await row.getAttribute('aria-label')) ?? ''));
  }

  get #rows(): Locator {
    return this.widget.locator('.monaco-list-row');
  }

  /** What stands in the box. */
  get value(): Promise<string> {
    return this.widget.locator('input[type="text"]').inputValue();
  }

  /** Types over what is in the box. */
  async type(text: string): Promise<void> {
    await this.widget.locator('input[type="text"]').fill(text);
  }

  async accept(): Promise<void> {
    await this.#page.keyboard.press('Enter');
  }

  /** Goes one step back, by the arrow in its title. */
  async back(): Promise<void> {
    await this.widget.locator('.quick-input-titlebar .action-label[aria-label^="Back"]').click();
  }

  /** Closes it without an answer. */
  async cancel(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }
}
