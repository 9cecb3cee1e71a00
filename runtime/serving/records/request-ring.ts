import { type Cause, causeNames } from '../../api/causes.ts';
import type { RequestRecord } from '../../api/traffic.ts';
import type { Clock } from '../clock.ts';
import type { Stages } from '../requests/stages.ts';

const causeNumbers: ReadonlyMap<Cause, number> = new Map(causeNames.map((cause, index) => [cause, index]));

/** Columns of numbers, by place. */
const columns = { endedAt: 0, total: 1, queue: 2, prepare: 3, predict: 4, reply: 5, status: 6, cause: 7, ahead: 8, worker: 9 } as const;
const width = 10;

/** Where a request was, for {@link RequestRing.add}. */
export interface RequestPlace {
  pod: string | null;
  /** -1: none. */
  worker: number;
  batch: string | null;
  ahead: number;
}

/** The last requests of a model server. All its room is made at once, and adding one allocates nothing. */
export class RequestRing {
  readonly #capacity: number;
  readonly #numbers: Float64Array;
  readonly #ids: string[];
  readonly #pods: (string | null)[];
  readonly #batches: (string | null)[];
  #added = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#numbers = new Float64Array(capacity * width);
    this.#ids = new Array<string>(capacity).fill('');
    this.#pods = new Array<string | null>(capacity).fill(null);
    this.#batches = new Array<string | null>(capacity).fill(null);
  }

  /** `now` is the clock's. */
  add(id: string, status: number, cause: Cause, stages: Stages, place: RequestPlace, now: number): void {
    const index = this.#added++ % this.#capacity;
    const at = index * width;
    const numbers = this.#numbers;
    numbers[at + columns.endedAt] = now;
    numbers[at + columns.total] = stages.totalMs;
    numbers[at + columns.queue] = stages.queueMs;
    numbers[at + columns.prepare] = stages.prepareMs;
    numbers[at + columns.predict] = stages.predictMs;
    numbers[at + columns.reply] = stages.replyMs;
    numbers[at + columns.status] = status;
    numbers[at + columns.cause] = causeNumbers.get(cause) as number;
    numbers[at + columns.ahead] = place.ahead;
    numbers[at + columns.worker] = place.worker;
    this.#ids[index] = id;
    this.#pods[index] = place.pod;
    this.#batches[index] = place.batch;
  }

  /** Newest first. */
  records(clock: Clock): RequestRecord[] {
    const began = clock.date().getTime() - clock.now();
    return Array.from({ length: Math.min(this.#added, this.#capacity) }, (_, age) => {
      const index = (this.#added - 1 - age) % this.#capacity;
      const number = (column: number): number => this.#numbers[index * width + column] as number;
      const worker = number(columns.worker);
      return {
        time: new Date(began + number(columns.endedAt)).toISOString(),
        id: this.#ids[index] as string,
        status: number(columns.status),
        cause: causeNames[number(columns.cause)] as Cause,
        totalMs: shown(number(columns.total)) ?? 0,
        queueMs: shown(number(columns.queue)),
        prepareMs: shown(number(columns.prepare)),
        predictMs: shown(number(columns.predict)),
        replyMs: shown(number(columns.reply)),
        ahead: number(columns.ahead),
        batch: this.#batches[index] ?? null,
        pod: this.#pods[index] ?? null,
        worker: worker < 0 ? null : worker,
      };
    });
  }
}

/** Whole microseconds: what lies below is noise. */
export function shown(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.round(ms * 1000) / 1000;
}
