import { rm } from 'node:fs/promises';
import type { LocalLayout } from './layout.ts';
import type { Workshop } from './prepare-revision.ts';
import { clearFolders } from './tidy.ts';

/** The names of the folders that somebody uses. */
export interface UsedFolders {
  code: ReadonlySet<string>;
  models: ReadonlySet<string>;
}

export interface UnusedFoldersOptions {
  layout: LocalLayout;
  workshop: Pick<Workshop, 'code' | 'models'>;
  /** Undefined while that is not known: nothing may be removed then. */
  inUse: () => UsedFolders | undefined;
  say: (line: string) => void;
}

/** Removes copies of code and models when their last pod is gone, one removal after the other. */
export class UnusedFolders {
  readonly #options: UnusedFoldersOptions;
  #removing: Promise<void> = Promise.resolve();
  #isQueued = false;

  constructor(options: UnusedFoldersOptions) {
    this.#options = options;
  }

  /** Nothing of this home runs, so whatever lies there is a copy that nobody uses, perhaps cut short by a power failure. */
  async beginWithNothing(): Promise<void> {
    const { layout, say } = this.#options;
    const clear = await clearFolders([layout.code, layout.models]);
    this.#removing = this.#removing.then(clear).catch((error: unknown) => say(`old folders cannot be removed: ${String(error)}`));
  }

  /** Something may be used no more. */
  look(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#removing = this.#removing.then(() => {
      this.#isQueued = false;
      return this.#removeUnused();
    });
  }

  /** Removes all of them: nothing runs any more, and nothing will. */
  async removeAll(): Promise<void> {
    await this.#removing;
    const { code, models, empty } = this.#options.layout;
    for (const folder of [code, models, empty]) await rm(folder, { recursive: true, force: true });
  }

  async #removeUnused(): Promise<void> {
    const { inUse, workshop, say } = this.#options;
    if (inUse() === undefined) return;
    try {
      await workshop.code.removeUnused((name) => inUse()?.code.has(name) ?? true);
      await workshop.models.removeUnused((name) => inUse()?.models.has(name) ?? true);
    } catch (error) {
      say(`folders that nobody uses cannot be removed: ${String(error)}`);
    }
  }
}
