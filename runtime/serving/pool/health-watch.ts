import type { Clock } from '../clock.ts';
import { HealthRecord } from './health-record.ts';

/** How often a pod is asked for its user-written health. */
export const healthIntervalMs = 5000;

/** How often it is asked before it was well for the first time: a rollout waits for that. */
export const firstHealthIntervalMs = 1000;

/**
 * Asks one pod for its user-written health, again and again; one question at a time. The questions themselves are handed
 * in: `ask` resolves with null for a good answer, else with what was wrong, and must always resolve.
 */
export class HealthWatch {
  readonly record: HealthRecord = new HealthRecord();
  readonly #clock: Clock;
  readonly #ask: () => Promise<string | null>;
  readonly #changed: () => void;
  #cancel: () => void = () => {};
  #running = false;

  constructor(clock: Clock, ask: () => Promise<string | null>, changed: () => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Asks at once and from then on. A watch that runs already is left alone. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#next(0);
  }

  stop(): void {
    this.#running = false;
    this.#cancel();
  }

  /** Takes an answer that somebody else got from this pod. */
  note(failure: string | null): void {
    const reasonBefore = this.record.reason;
    if (this.record.note(failure) || this.record.reason !== reasonBefore) this.#changed();
  }

  #next(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      void this.#ask().then((failure) => {
        if (!this.#running) return;
        this.note(failure);
        this.#next(this.record.everHealthy ? healthIntervalMs : firstHealthIntervalMs);
      });
    });
  }
}
