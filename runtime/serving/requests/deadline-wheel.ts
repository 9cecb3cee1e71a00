import type { Clock } from '../clock.ts';
import type { Slot } from './slot.ts';

/** How exact a deadline is kept. */
export const tickMs = 4;

const buckets = 4096;

/**
 * All deadlines of all requests in one hashed timing wheel (Varghese and Lauck, scheme 6): arming and disarming are a
 * few pointer writes, because nearly every deadline is disarmed long before it is due. One timer ticks while something
 * is armed, and none while nothing is.
 */
export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #expired: (slot: Slot) => void;
  readonly #ticked: () => void;
  readonly #buckets: (Slot | null)[] = new Array<Slot | null>(buckets).fill(null);
  readonly #due: Slot[] = [];
  #armed = 0;
  /** The last tick that was looked at. */
  #tick = 0;
  #running = false;

  /** `expired` is called for each slot whose time came, already disarmed; `ticked` after each tick. */
  constructor(clock: Clock, expired: (slot: Slot) => void, ticked: () => void = () => {}) {
    this.#clock = clock;
    this.#expired = expired;
    this.#ticked = ticked;
  }

  get armed(): number {
    return this.#armed;
  }

  /** Arms a slot for a time of the clock. A slot that is armed must be disarmed first. */
  arm(slot: Slot, at: number): void {
    if (!this.#running) {
      this.#running = true;
      this.#tick = Math.floor(this.#clock.now() / tickMs);
      this.#clock.after(tickMs, this.#turn);
    }
    // Never before its time, and never on the tick that is just being looked at.
    const tick = Math.max(Math.ceil(at / tickMs), this.#tick + 1);
    const head = this.#buckets[tick % buckets] ?? null;
    slot.wheelTick = tick;
    slot.wheelPrevious = null;
    slot.wheelNext = head;
    if (head) head.wheelPrevious = slot;
    this.#buckets[tick % buckets] = slot;
    this.#armed++;
  }

  /** Disarms a slot; one that is not armed is left alone. */
  disarm(slot: Slot): void {
    if (slot.wheelTick === 0) return;
    if (slot.wheelPrevious) slot.wheelPrevious.wheelNext = slot.wheelNext;
    else this.#buckets[slot.wheelTick % buckets] = slot.wheelNext;
    if (slot.wheelNext) slot.wheelNext.wheelPrevious = slot.wheelPrevious;
    slot.wheelTick = 0;
    slot.wheelPrevious = null;
    slot.wheelNext = null;
    this.#armed--;
  }

  readonly #turn = (): void => {
    const now = Math.floor(this.#clock.now() / tickMs);
    // After a long pause one round through all buckets sees everything.
    for (let tick = Math.max(this.#tick + 1, now - buckets + 1); tick <= now; tick++) {
      this.#tick = tick;
      for (let slot = this.#buckets[tick % buckets] ?? null; slot; slot = slot.wheelNext) {
        if (slot.wheelTick <= now) this.#due.push(slot);
      }
    }
    for (const slot of this.#due) {
      // One that expired before it may have disarmed it, or even given it to a new request.
      if (slot.wheelTick === 0 || slot.wheelTick > now) continue;
      this.disarm(slot);
      this.#expired(slot);
    }
    this.#due.length = 0;
    this.#ticked();
    if (this.#armed > 0) this.#clock.after(tickMs, this.#turn);
    else this.#running = false;
  };
}
