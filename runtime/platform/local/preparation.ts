import { setTimeout as delay } from 'node:timers/promises';
import type { RevisionFailure } from '../../api/objects.ts';

import { asRevisionFailure } from './preparation-error.ts';
import type { Wanted } from './shared-work.ts';

/** How often, and after what waits, a preparation is tried again whose failure may pass. Then it counts as final. */
const defaultRetryMs: readonly number[] = [500, 1000, 2000, 4000];

/** Progress is told so often at most: an installer prints hundreds of lines a second. */
const progressEveryMs = 250;

/** The making of something that a revision needs, with what people may know of it meanwhile. It begins at once. */
export class Preparation<T> {
  readonly takenOver = false;
  readonly #cancelled = new AbortController();
  readonly #changed: () => void;
  readonly #retryMs: readonly number[];
  #preparing: string | null = 'preparing its code, models and packages';
  #failure: RevisionFailure | null = null;
  #result: T | undefined;
  #progress: NodeJS.Timeout | undefined;

  /** `changed` is called after each change of what can be read here. */
  constructor(work: (wanted: Wanted) => Promise<T>, changed: () => void, retryMs: readonly number[] = defaultRetryMs) {
    this.#changed = changed;
    this.#retryMs = retryMs;
    void this.#run(work);
  }

  /** What is being done; null once it is over. */
  get preparing(): string | null {
    return this.#preparing;
  }

  get failure(): RevisionFailure | null {
    return this.#failure;
  }

  get result(): T | undefined {
    return this.#result;
  }

  /** Nobody needs it any more: what is under way ends, and nothing is told of it. */
  cancel(): void {
    clearTimeout(this.#progress);
    this.#cancelled.abort(new Error('the revision is no longer wanted'));
  }

  async #run(work: (wanted: Wanted) => Promise<T>): Promise<void> {
    const { signal } = this.#cancelled;
    const onProgress = (what: string): void => this.#report(what);
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        const result = await work({ signal, onProgress });
        return this.#end(() => {
          this.#result = result;
          this.#failure = null;
        });
      } catch (error) {
        const failure = asRevisionFailure(error);
        const waitMs = this.#retryMs[tries];
        if (failure.final || waitMs === undefined) {
          return this.#end(() => {
            this.#failure = { ...failure, final: true };
          });
        }
        this.#report(`${failure.message}; trying again`);
        await delay(waitMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  #end(change: () => void): void {
    clearTimeout(this.#progress);
    if (this.#cancelled.signal.aborted) return;
    change();
    this.#preparing = null;
    this.#changed();
  }

  #report(what: string): void {
    if (this.#cancelled.signal.aborted) return;
    this.#preparing = what;
    if (this.#progress) return;
    this.#progress = setTimeout(() => {
      this.#progress = undefined;
      this.#changed();
    }, progressEveryMs);
  }
}
