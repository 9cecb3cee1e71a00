/** Time, as the host has it; tests hand in another one. */
export interface FeedClock {
  now(): number;
  /** Calls back once; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** At most 20 messages a second cross into a panel. */
export const messageEveryMs = 50;

/** What may wait for a panel; who adds more is held up. */
export const mostWaiting = 5000;

/**
 * Hands entries to a panel in batches: the next one when the last is acknowledged and its time has come. Nothing is kept
 * that was handed over, and who brings entries waits while the panel is slow.
 */
export class Feed<T> {
  readonly #post: (entries: T[]) => void;
  readonly #clock: FeedClock;
  #waiting: T[] = [];
  #isAwaited = false;
  #earliest = 0;
  #cancel: (() => void) | undefined;
  #room = Promise.withResolvers<void>();

  constructor(post: (entries: T[]) => void, clock: FeedClock) {
    this.#post = post;
    this.#clock = clock;
  }

  /** Takes an entry; resolves when there is room for another one. */
  async add(entry: T): Promise<void> {
    this.#waiting.push(entry);
    this.#schedule();
    if (this.#waiting.length >= mostWaiting) await this.#room.promise;
  }

  /** The panel has taken what was posted last. */
  acknowledge(): void {
    this.#isAwaited = false;
    this.#schedule();
  }

  /** Lets go of what waits, and of who waits. */
  dispose(): void {
    this.#cancel?.();
    this.#waiting = [];
    this.#isAwaited = true;
    this.#room.resolve();
  }

  #schedule(): void {
    if (this.#isAwaited || this.#cancel || this.#waiting.length === 0) return;
    this.#cancel = this.#clock.after(Math.max(0, this.#earliest - this.#clock.now()), () => {
      this.#cancel = undefined;
      this.#send();
    });
  }

  #send(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    this.#isAwaited = true;
    this.#earliest = this.#clock.now() + messageEveryMs;
    this.#post(entries);
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
