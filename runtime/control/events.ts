import type { EventType, SpellEvent } from '../api/events.ts';
import type { EventsTable } from './store/events-table.ts';

/** How many events are kept; a reader that was away for longer begins with the oldest kept one. */
const kept = 10_000;

/** How many more may gather before the oldest are forgotten: one deletion now and then instead of one an event. */
const slack = 500;

/** How many events a reader takes from the store at a time. */
const pageSize = 200;

/** An event before it has a number and a time. */
export interface NewEvent {
  type: EventType;
  object: string;
  message: string;
  data?: NonNullable<SpellEvent['data']>;
}

/**
 * The one record of what happened. Appending is part of the caller's transaction, so an event is there exactly when
 * what it tells of is. Readers take events from the store at their own pace: a slow one costs no memory.
 */
export class Events {
  readonly #table: EventsTable;
  readonly #now: () => Date;
  readonly #waiting = new Set<() => void>();

  constructor(table: EventsTable, now: () => Date) {
    this.#table = table;
    this.#now = now;
  }

  /** Stores events in order and wakes the readers once the current transaction has ended. */
  append(...events: NewEvent[]): void {
    if (events.length === 0) return;
    const time = this.#now().toISOString();
    for (const event of events) {
      const seq = this.#table.append({ time, ...event });
      if (seq % slack === 0) this.#table.forgetUpTo(seq - kept);
    }
    // A transaction never waits, so it has ended when the microtasks run.
    queueMicrotask(() => this.#wake());
  }

  /** The number of the newest event; 0 before the first. */
  last(): number {
    return this.#table.last();
  }

  /** Every kept event after `since`, oldest first; with `follow` it then waits for more until the signal aborts. */
  async *read(since: number, { follow, signal }: { follow: boolean; signal: AbortSignal }): AsyncGenerator<SpellEvent> {
    let seen = since;
    while (!signal.aborted) {
      const page = this.#table.after(seen, pageSize);
      for (const event of page) {
        seen = event.seq;
        yield event;
      }
      if (page.length > 0) continue;
      if (!follow) return;
      await this.#more(signal);
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
