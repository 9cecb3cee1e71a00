import type { Incident, IncidentType } from '../../api/traffic.ts';
import type { Clock } from '../clock.ts';

/** By itself, for want of memory, or because it was stuck and was ended. */
export type WorkerEnd = Extract<IncidentType, `worker.${string}`>;

/** So long after the last one nothing of its kind must have happened, before the next is told. */
export const quietMs = 10_000;

/** How many are shown; whoever looks at least now and then misses none. */
const kept = 16;

/**
 * What of a model server's traffic a person wants to be told at once, as far as that is bearable: of each kind the first,
 * and then none for a while. Overload is told as an episode, with a beginning and an end.
 */
export class Incidents {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #maxQueue: () => number;
  /** Makes ids that no other gateway gave. */
  readonly #prefix: string;
  readonly #shown: Incident[] = [];
  readonly #last: Map<IncidentType, { at: number; passedOver: number }> = new Map();
  #count = 0;
  #overload: { beganAt: number; lastAt: number; refused: number } | null = null;

  /** `changed` is called when there is one more; `maxQueue` is asked when the queue is full. */
  constructor(clock: Clock, changed: () => void, maxQueue: () => number) {
    this.#clock = clock;
    this.#changed = changed;
    this.#maxQueue = maxQueue;
    this.#prefix = clock.date().getTime().toString(36);
  }

  /** The newest ones, oldest first. */
  get shown(): Incident[] {
    return [...this.#shown];
  }

  /** A request was refused because the queue was full. */
  queueFull(now: number): void {
    if (this.#overload) {
      this.#overload.lastAt = now;
      this.#overload.refused++;
      return;
    }
    this.#overload = { beganAt: now, lastAt: now, refused: 1 };
    this.#tell('server.overloaded', `the queue is full: ${this.#maxQueue()} requests wait (max-queue), and more are refused with 429`);
  }

  /** A request failed alone that had made its batch fail. */
  poison(requestId: string): void {
    this.#note(
      'request.poisonous',
      `request ${requestId} made its batch fail, and fails alone, too; the others of its batch were answered`,
    );
  }

  /** A worker that had been ready ended. `how` goes on where `the worker` began a sentence. */
  workerEnded(type: WorkerEnd, pod: string, worker: number, how: string, cost: { failed: number; returned: number }): void {
    this.#note(type, `worker ${worker} of pod ${pod} ${how}; ${costInWords(cost)}`);
  }

  /** Notices that an overload is over; to be called every second or so. */
  supervise(): void {
    const overload = this.#overload;
    if (overload === null || this.#clock.now() - overload.lastAt < quietMs) return;
    this.#overload = null;
    const seconds = Math.max(Math.round((overload.lastAt - overload.beganAt) / 1000), 1);
    this.#tell('server.relieved', `the queue has room again; ${requests(overload.refused)} refused with 429 within ${seconds} s`);
  }

  #note(type: IncidentType, message: string): void {
    const now = this.#clock.now();
    const last = this.#last.get(type);
    if (last && now - last.at < quietMs) {
      last.passedOver++;
      return;
    }
    this.#last.set(type, { at: now, passedOver: 0 });
    this.#tell(type, last && last.passedOver > 0 ? `${message} (and ${last.passedOver} more like it before)` : message);
  }

  #tell(type: IncidentType, message: string): void {
    this.#shown.push({ id: `${this.#prefix}-${++this.#count}`, time: this.#clock.date().toISOString(), type, message });
    if (this.#shown.length > kept) this.#shown.shift();
    this.#changed();
  }
}

function costInWords({ failed, returned }: { failed: number; returned: number }): string {
  if (failed === 0 && returned === 0) return 'it had no request';
  const answered = failed === 0 ? 'no request failed' : `${requests(failed)} answered 500`;
  return returned === 0 ? answered : `${answered}, ${returned} went to another worker`;
}

function requests(count: number): string {
  return count === 1 ? '1 request was' : `${count} requests were`;
}
