import type { Clock } from '../clock.ts';

/** Waits between two tries to start a control plane; the last one repeats. */
export const revivalDelaysMs: readonly number[] = [1000, 2000, 4000, 8000, 16_000, 30_000];

/** How long the first control plane, which started this gateway, has to open its watch. */
export const firstWatchMs = 10_000;

/**
 * Sees to it that there is a control plane: when the last watcher vanishes without having said that it means to, a new
 * one is started at once, and again after growing waits until one watches.
 */
export class Revival {
  readonly #clock: Clock;
  readonly #start: () => void;
  /** Nobody is to be started any more: the last control plane said so, or the gateway ends. */
  #dismissed = false;
  #tries = 0;
  #cancel: () => void;

  /** `start` starts a control plane and returns at once; a second one beside a living one ends by itself. */
  constructor(clock: Clock, start: () => void) {
    this.#clock = clock;
    this.#start = start;
    this.#cancel = clock.after(firstWatchMs, () => this.#revive());
  }

  /** A control plane watches. */
  watched(): void {
    this.#dismissed = false;
    this.#tries = 0;
    this.#cancel();
  }

  /** The last watcher is gone. */
  vanished(): void {
    this.#cancel();
    if (!this.#dismissed) this.#revive();
  }

  /** The control plane is going to end on purpose. It holds until one watches anew. */
  dismiss(): void {
    this.#dismissed = true;
    this.#cancel();
  }

  #revive(): void {
    this.#start();
    const delay = revivalDelaysMs[Math.min(this.#tries, revivalDelaysMs.length - 1)] as number;
    this.#tries++;
    this.#cancel = this.#clock.after(delay, () => this.#revive());
  }
}
