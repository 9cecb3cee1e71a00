import type { PodCounter } from '../metrics/server-traffic.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { Quickest } from '../requests/quickest.ts';
import { unavailableRetryAfter } from '../requests/retry-after.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import type { SlotList } from '../requests/slot-list.ts';
import { bodyKind, type ErrorMessage, frameType, stagesSize } from '../wire/frames.ts';

/** The lists of requests that a worker owes an answer. */
export interface WorkerLists {
  outstanding: SlotList;
  probes: SlotList;
  /** Where a request stands once its answer has begun: its method has returned, and only the rest of the answer is owed. */
  streams: SlotList;
  /** Requests that wait in the worker for the rest of their bodies. */
  incomplete: SlotList;
}

/**
 * What becomes of a worker's answer frames: each ends the request that its id names, on its way to the client. Counts
 * what one read brought, for whoever measures the worker. A frame whose request is over already is passed over.
 */
export class AnswerReader {
  /** Predict requests that ran to their end. */
  answers = 0;
  /** Requests of any kind that the worker owes nothing for any more, or only the rest of an answer. */
  freed = 0;
  /** What its answers took at least, lately. */
  readonly quickest: Quickest = new Quickest();
  /** Requests that the worker gave back without having begun them. */
  readonly returned: Slot[] = [];
  readonly #inFlight: InFlight;
  readonly #counter: PodCounter;
  /** When what is taken was read: one look at the clock serves all answers of one read. */
  #now = 0;
  /** What is in none of these lists is not this worker's. */
  readonly #outstanding: SlotList;
  readonly #probes: SlotList;
  readonly #streams: SlotList;
  readonly #incomplete: SlotList;

  constructor(inFlight: InFlight, counter: PodCounter, lists: WorkerLists) {
    this.#inFlight = inFlight;
    this.#counter = counter;
    this.#outstanding = lists.outstanding;
    this.#probes = lists.probes;
    this.#streams = lists.streams;
    this.#incomplete = lists.incomplete;
  }

  /** Forgets the last read. */
  begin(): void {
    this.answers = 0;
    this.freed = 0;
    this.returned.length = 0;
    this.#now = this.#inFlight.clock.now();
  }

  /** Takes one frame; `false` if it is no answer. */
  take(type: number, id: number, bytes: Buffer, start: number, end: number): boolean {
    const slot = this.#find(id);
    switch (type) {
      case frameType.response:
        if (slot) this.#onResponse(slot, bytes, start, end);
        return true;
      case frameType.error:
        if (slot) this.#onError(slot, bytes, start, end);
        return true;
      case frameType.chunk:
        if (slot?.state === slotState.streaming) slot.caller?.chunk(slot, bytes.subarray(start, end));
        return true;
      case frameType.end:
        if (slot) this.#onEnd(slot, bytes[start] !== 0);
        return true;
      case frameType.want:
        slot?.upload?.grant(bytes.readUInt32LE(start));
        return true;
      case frameType.empty:
        if (slot) this.#onEmpty(slot);
        return true;
      case frameType.recalled:
        if (slot) this.#onRecalled(slot);
        return true;
      default:
        return false;
    }
  }

  /**
   * Takes one frame that may have been taken before: only what ends a request, and so cannot do so twice.
   * Others, as parts of streams, are passed over.
   */
  takeWhole(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    const begins = type === frameType.response && ((bytes[start + 2] as number) & bodyKind.more) !== 0;
    if ((type === frameType.response && !begins) || type === frameType.error || type === frameType.empty) {
      this.take(type, id, bytes, start, end);
    }
  }

  #onResponse(slot: Slot, bytes: Buffer, start: number, end: number): void {
    const status = (bytes[start] as number) | ((bytes[start + 1] as number) << 8);
    const flags = bytes[start + 2] as number;
    const kind = flags & ~bodyKind.more;
    this.#readStages(slot, bytes, start + 3);
    if (slot.list === this.#outstanding) this.quickest.observe(slot.preparedMs + slot.predictedMs);
    let at = start + 3 + stagesSize;
    let head: Uint8Array | null = null;
    if (kind === bodyKind.head) {
      const size = bytes.readUInt32LE(at);
      head = bytes.subarray(at + 4, at + 4 + size);
      at += 4 + size;
    }
    if (flags & bodyKind.more) {
      // It was cancelled before there was a stream that could hear of it, and nobody takes what comes.
      if (slot.state === slotState.abandoned) slot.worker?.cancel(slot);
      if (slot.state !== slotState.sent && slot.state !== slotState.uploading) return;
      this.#inFlight.wheel.disarm(slot);
      slot.state = slotState.streaming;
      this.#beginsStream(slot);
      slot.status = slot.caller?.begin(slot, status, kind, head, bytes.subarray(at, end)) ?? status;
      // An error was answered instead: what the worker still owes is nobody's.
      if (slot.status !== status) this.#inFlight.abandon(slot, slot.status, 'bad-result', this.#counter);
    } else if (this.#isAwaited(slot, true)) {
      const sent = slot.caller?.answer(slot, status, kind, head, bytes.subarray(at, end)) ?? status;
      this.#inFlight.finish(slot, sent, sent === status ? 'answered' : 'bad-result', this.#counter, this.#now);
    }
  }

  /** Its method has returned: the worker runs the next one beside the rest of this answer. */
  #beginsStream(slot: Slot): void {
    if (slot.list === this.#outstanding) {
      this.answers++;
      this.freed++;
    }
    slot.list?.remove(slot);
    this.#streams.push(slot);
  }

  #onError(slot: Slot, bytes: Buffer, start: number, end: number): void {
    if (!this.#isAwaited(slot, true)) return;
    this.#readStages(slot, bytes, start);
    const { code, message, fields, traceback } = JSON.parse(bytes.toString('utf8', start + stagesSize, end)) as ErrorMessage;
    const retry = code === 'unhealthy' ? { retryAfter: unavailableRetryAfter.unhealthy } : {};
    const isPoison = (code === 'predictor-error' || code === 'bad-result') && this.#counter.traffic.lastBatches.isIsolated(slot.batch);
    const cause = isPoison ? { cause: 'poison' as const } : {};
    const details = { ...retry, ...cause, ...(fields && { fields }), ...(traceback && { traceback }) };
    this.#inFlight.refuse(slot, { code, message, ...details }, this.#counter);
  }

  #onEnd(slot: Slot, broken: boolean): void {
    if (!this.#isAwaited(slot, true)) return;
    slot.caller?.end(slot, broken);
    this.#inFlight.finish(slot, slot.status, broken ? 'broken-off' : 'answered', this.#counter, this.#now);
  }

  #onEmpty(slot: Slot): void {
    if (!this.#isAwaited(slot, false)) return;
    this.#inFlight.refuse(slot, { code: 'worker-died', message: 'the worker gave no answer to this request' }, this.#counter);
  }

  #onRecalled(slot: Slot): void {
    if (!this.#isAwaited(slot, false)) return;
    slot.worker = null;
    this.returned.push(slot);
  }

  /** The request's one answer has come: takes it from the worker's list. `false`: nobody waits, and it is over. */
  #isAwaited(slot: Slot, ran: boolean): boolean {
    if (ran && slot.list === this.#outstanding) this.answers++;
    this.freed++;
    slot.list?.remove(slot);
    if (slot.state !== slotState.abandoned) return true;
    this.#counter.traffic.lastBatches.left(slot.batch, this.#now);
    this.#inFlight.slots.release(slot);
    return false;
  }

  #find(id: number): Slot | undefined {
    const slot = this.#inFlight.slots.find(id);
    const list = slot?.list;
    const isOurs = list === this.#outstanding || list === this.#streams || list === this.#probes || list === this.#incomplete;
    return isOurs ? slot : undefined;
  }

  #readStages(slot: Slot, bytes: Buffer, at: number): void {
    slot.answeredAt = this.#now;
    slot.waitedMs = bytes.readFloatLE(at) * 1000;
    slot.preparedMs = bytes.readFloatLE(at + 4) * 1000;
    slot.predictedMs = bytes.readFloatLE(at + 8) * 1000;
  }
}
