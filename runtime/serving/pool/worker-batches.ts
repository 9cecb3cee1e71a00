import { releaseReasons } from '../../api/traffic.ts';
import type { PodCounter } from '../metrics/server-traffic.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import type { SlotList } from '../requests/slot-list.ts';

/** Batches that a worker with an async batched `predict` runs at a time (`MOST_BATCHES` in `async_batch_lane.py`). */
export const asyncBatches = 8;

/** The batches that one worker tells of: which requests are in them, for the records, and so which have begun. */
export class WorkerBatches {
  /** What its numbers get in front of them, so that a batch has a name of its own in its pod. */
  prefix = '';
  readonly #inFlight: InFlight;
  readonly #counter: PodCounter;
  readonly #index: number;
  readonly #outstanding: SlotList;
  /** The ordinal of the last request that it told to be in a batch. */
  #begun = 0;
  /** Its batches that run, by their number here, as numbers of the `BatchRing`. A slow one outlasts many others. */
  readonly #numbers: Map<number, number> = new Map();
  #last = 0;

  /** `outstanding`: the requests that the worker has. */
  constructor(place: { inFlight: InFlight; counter: PodCounter; index: number }, outstanding: SlotList) {
    this.#inFlight = place.inFlight;
    this.#counter = place.counter;
    this.#index = place.index;
    this.#outstanding = outstanding;
  }

  /** Whether a request was in a batch already. */
  isBegun(slot: Slot): boolean {
    return slot.ordinal <= this.#begun;
  }

  /** A BATCH frame: its number, why it began, and the ids of its requests. */
  began(bytes: Buffer, start: number, end: number, isAsync: boolean): void {
    const now = this.#inFlight.clock.now();
    const { batches, lastBatches } = this.#counter.traffic;
    const number = bytes.readUInt32LE(start);
    const reason = releaseReasons[bytes[start + 4] as number] ?? 'worker-free';
    const batch = lastBatches.begin(this.prefix + number, this.#counter.pod, this.#index, reason, now);
    const first = start + 5;
    let oldestSentAt = now;
    for (let at = first; at < end; at += 4) {
      const slot = this.#inFlight.slots.find(bytes.readUInt32LE(at));
      if (slot?.list !== this.#outstanding) continue;
      slot.batch = batch;
      oldestSentAt = Math.min(oldestSentAt, slot.sentAt);
      this.#begun = Math.max(this.#begun, slot.ordinal);
      lastBatches.join(batch, slot.requestId);
      // Its client left while this frame was on its way.
      if (slot.state === slotState.abandoned) lastBatches.ended(batch, 'gone', Number.NaN, Number.NaN, now);
    }
    if (!isAsync) lastBatches.follows(batch, this.#last, oldestSentAt);
    this.#last = batch;
    for (const [earlier, entry] of this.#numbers) if (!lastBatches.isRunning(entry)) this.#numbers.delete(earlier);
    this.#numbers.set(number, batch);
    batches.record((end - first) / 4, reason);
  }

  /** An ISOLATED frame: a batch of this number raised, and is taken apart. */
  isolated(number: number): void {
    this.#counter.traffic.lastBatches.isolate(this.#numbers.get(number) ?? 0);
  }
}
