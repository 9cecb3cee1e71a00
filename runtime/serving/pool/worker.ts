import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { PodCounter } from '../metrics/request-metrics.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { PrefetchWindow } from '../requests/prefetch-window.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { SlotList } from '../requests/slot-list.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { bodyKind, type ErrorMessage, type FailedMessage, frameType, type ReadyMessage, type StartMessage } from '../wire/frames.ts';

/** Requests that a worker with an async `predict` runs at a time; the others wait in the queue. */
export const asyncWindow = 256;

/** How often a request is given to another worker because the one that had prefetched it died. */
export const maxDeaths = 3;

/** What a {@link Worker} tells its owner. */
export interface WorkerListener {
  /** The predictor is loaded. */
  ready(worker: Worker, message: ReadyMessage): void;
  /** The predictor cannot be loaded; the process ends by itself. */
  failed(worker: Worker, message: FailedMessage): void;
  /** It has room for more, or (while it drains) less to do. */
  freed(worker: Worker): void;
  /** Requests that it had and did not begin, oldest first: they are the model server's again. */
  returned(slots: Slot[]): void;
  /** What it sent is no stream of frames: it is of no more use. */
  broken(worker: Worker, reason: string): void;
}

/** What a worker is connected to. */
export interface WorkerPlace {
  inFlight: InFlight;
  counter: PodCounter;
  listener: WorkerListener;
}

/**
 * The gateway's end of one worker: frames out, frames in, and the list of requests that the worker has. It knows nothing
 * of processes; {@link Seat} does.
 */
export class Worker {
  /** Predict requests that it owes an answer frame, oldest first. */
  readonly outstanding: SlotList = new SlotList();
  /** Health requests that it owes an answer. */
  readonly probes: SlotList = new SlotList();
  readonly window: PrefetchWindow = new PrefetchWindow();
  readonly counter: PodCounter;
  /** What it said when it was ready; null before. */
  predictor: ReadyMessage | null = null;
  /** When it last began or finished something, as far as one can tell from here. */
  progressAt: number;

  readonly #inFlight: InFlight;
  readonly #clock: Clock;
  readonly #listener: WorkerListener;
  readonly #channel: Duplex;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  #sent = 0;
  /** What the frames of the read at hand did: requests that ran to their end, and room that got free. */
  #answers = 0;
  #freed = 0;
  #measuredFrom = 0;
  #pingedAt = Number.POSITIVE_INFINITY;
  #isOpen = true;
  #draining = false;
  #drainSent = false;

  constructor(channel: Duplex, place: WorkerPlace) {
    this.#channel = channel;
    this.#inFlight = place.inFlight;
    this.#clock = place.inFlight.clock;
    this.#listener = place.listener;
    this.counter = place.counter;
    this.progressAt = this.#clock.now();
    this.#reader = new FrameReader((type, id, bytes, start, end) => this.#onFrame(type, id, bytes, start, end));
    this.#writer = new FrameWriter(channel);
    channel.on('data', (read: Buffer) => this.#onRead(read));
    const closed = (): void => {
      this.#isOpen = false;
    };
    channel.on('end', closed);
    // A worker that died with unread bytes in its socket resets the connection; its exit says all there is to say.
    channel.on('error', closed);
  }

  /** How many more requests it may be given now. */
  get room(): number {
    if (!this.#isOpen) return 0;
    const size = this.predictor?.predict.async ? asyncWindow : this.window.size;
    return size - this.outstanding.length;
  }

  start(message: StartMessage): void {
    this.#writer.json(frameType.start, message);
  }

  /** Gives it a request. The slot must stand in no list; it is this worker's until its answer frame has come. */
  send(slot: Slot): void {
    slot.state = slotState.sent;
    slot.worker = this;
    slot.recalled = false;
    slot.ordinal = ++this.#sent;
    if (this.outstanding.length === 0) {
      this.progressAt = this.#clock.now();
      this.#measuredFrom = this.progressAt;
    }
    this.outstanding.push(slot);
    this.#request(slot, this.predictor?.predict.needsHead === true);
  }

  /** Asks the predictor's own `health`, beside whatever it runs. */
  probe(slot: Slot): void {
    slot.kind = 1;
    slot.state = slotState.sent;
    slot.worker = this;
    this.probes.push(slot);
    this.#request(slot, this.predictor?.health?.needsHead === true);
  }

  /** Its client is gone or was answered otherwise: the slot must be abandoned. */
  cancel(slot: Slot): void {
    this.#writer.signal(frameType.cancel, slot.id);
  }

  /** Asks for a request back; it comes by `returned` if it has not begun. */
  recall(slot: Slot): void {
    if (slot.recalled || slot.state !== slotState.sent) return;
    slot.recalled = true;
    this.#writer.signal(frameType.recall, slot.id);
  }

  /** Asks back everything that it holds, and lets it end after the rest is answered. Nothing may be sent afterwards. */
  drain(): void {
    this.#draining = true;
    for (const slot of this.outstanding.toArray()) this.recall(slot);
    this.#drainIfEmpty();
  }

  /** The client of a streamed answer took so many bytes. */
  credit(slot: Slot, bytes: number): void {
    this.#writer.number(frameType.credit, slot.id, bytes);
  }

  /**
   * Says why it must be replaced, if it must: a request that runs longer than `hardTimeoutMs`, or no sign of life for
   * `pongTimeoutMs` while it has nothing to do. A busy worker is never asked: code in C may hold the interpreter for
   * minutes and be well. Also sends the ping that the next call judges.
   */
  wedged(hardTimeoutMs: number, pongTimeoutMs: number): string | undefined {
    const now = this.#clock.now();
    const running = this.outstanding.first;
    if (running || this.probes.length > 0) {
      this.#pingedAt = Number.POSITIVE_INFINITY;
      if (running && running.state !== slotState.streaming && now - this.progressAt >= hardTimeoutMs) {
        return `one request ran longer than hard-timeout (${hardTimeoutMs / 1000} s)`;
      }
      return undefined;
    }
    if (now - this.#pingedAt >= pongTimeoutMs) return `it had nothing to do and did not answer for ${pongTimeoutMs / 1000} s`;
    if (this.#pingedAt === Number.POSITIVE_INFINITY) {
      this.#pingedAt = now;
      this.#writer.signal(frameType.ping, 0);
    }
    return undefined;
  }

  /**
   * Its process is gone: what it had begun is answered 500, the rest goes back. `begun` is the ordinal of the last
   * request that it began.
   */
  died(begun: number): void {
    const untouched: Slot[] = [];
    for (const slot of this.outstanding.toArray()) {
      this.outstanding.remove(slot);
      slot.deaths++;
      if (slot.state === slotState.abandoned) this.#inFlight.slots.release(slot);
      else if (slot.state === slotState.streaming) {
        slot.caller?.end(slot, true);
        this.#inFlight.finish(slot, slot.status, this.counter);
      } else if (slot.ordinal > begun && slot.deaths < maxDeaths) {
        slot.worker = null;
        untouched.push(slot);
      } else this.#inFlight.refuse(slot, { code: 'worker-died', message: 'the worker died while it ran this request' }, this.counter);
    }
    for (const slot of this.probes.toArray()) {
      this.probes.remove(slot);
      if (slot.state === slotState.abandoned) this.#inFlight.slots.release(slot);
      else this.#inFlight.refuse(slot, { code: 'worker-died', message: 'the worker died while it was asked for its health' }, this.counter);
    }
    if (untouched.length > 0) this.#listener.returned(untouched);
  }

  close(): void {
    this.#channel.destroy();
  }

  #request(slot: Slot, needsHead: boolean): void {
    const head = needsHead && slot.caller ? Buffer.from(JSON.stringify(slot.caller.head(slot))) : null;
    this.#writer.request(frameType.request, slot.id, slot.kind, slot.requestId, head, slot.body, slot.moreBody, slot.bodySize);
  }

  #onRead(read: Buffer): void {
    this.#answers = 0;
    this.#freed = 0;
    try {
      this.#reader.push(read);
    } catch (error) {
      this.#listener.broken(this, error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#freed === 0) return;
    if (this.#answers > 0) {
      const now = this.#clock.now();
      this.window.observe(this.#answers, now - this.#measuredFrom);
      this.#measuredFrom = now;
      this.progressAt = now;
    }
    this.#drainIfEmpty();
    this.#listener.freed(this);
  }

  #onFrame(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    switch (type) {
      case frameType.response:
        this.#onResponse(id, bytes, start, end);
        return;
      case frameType.error:
        this.#onError(id, bytes, start, end);
        return;
      case frameType.chunk:
        this.#onChunk(id, bytes, start, end);
        return;
      case frameType.end:
        this.#onEnd(id, bytes[start] !== 0);
        return;
      case frameType.empty:
        this.#onEmpty(id);
        return;
      case frameType.recalled:
        this.#onRecalled(id);
        return;
      case frameType.pong:
        this.#pingedAt = Number.POSITIVE_INFINITY;
        return;
      case frameType.ready:
        this.predictor = JSON.parse(bytes.toString('utf8', start, end)) as ReadyMessage;
        this.progressAt = this.#clock.now();
        this.#listener.ready(this, this.predictor);
        return;
      case frameType.failed:
        this.#listener.failed(this, JSON.parse(bytes.toString('utf8', start, end)) as FailedMessage);
        return;
      default:
        throw new Error(`a frame of the unknown type ${type}`);
    }
  }

  #onResponse(id: number, bytes: Buffer, start: number, end: number): void {
    const slot = this.#find(id);
    if (!slot) return;
    const status = (bytes[start] as number) | ((bytes[start + 1] as number) << 8);
    const flags = bytes[start + 2] as number;
    const kind = flags & ~bodyKind.more;
    let at = start + 3;
    let head: Uint8Array | null = null;
    if (kind === bodyKind.head) {
      const size = bytes.readUInt32LE(at);
      head = bytes.subarray(at + 4, at + 4 + size);
      at += 4 + size;
    }
    if (flags & bodyKind.more) {
      if (slot.state !== slotState.sent) return;
      this.#inFlight.wheel.disarm(slot);
      slot.state = slotState.streaming;
      slot.status = slot.caller?.begin(slot, status, kind, head, bytes.subarray(at, end)) ?? status;
      return;
    }
    this.#takeRun(slot);
    if (slot.state === slotState.abandoned) {
      this.#inFlight.slots.release(slot);
      return;
    }
    const sent = slot.caller?.answer(slot, status, kind, head, bytes.subarray(at, end)) ?? status;
    this.#inFlight.finish(slot, sent, this.counter);
  }

  #onError(id: number, bytes: Buffer, start: number, end: number): void {
    const slot = this.#find(id);
    if (!slot) return;
    this.#takeRun(slot);
    if (slot.state === slotState.abandoned) {
      this.#inFlight.slots.release(slot);
      return;
    }
    const { code, message, fields, traceback } = JSON.parse(bytes.toString('utf8', start, end)) as ErrorMessage;
    this.#inFlight.refuse(slot, { code, message, ...(fields && { fields }), ...(traceback && { traceback }) }, this.counter);
  }

  #onChunk(id: number, bytes: Buffer, start: number, end: number): void {
    const slot = this.#find(id);
    if (slot?.state === slotState.streaming) slot.caller?.chunk(slot, bytes.subarray(start, end));
  }

  #onEnd(id: number, broken: boolean): void {
    const slot = this.#find(id);
    if (!slot) return;
    this.#takeRun(slot);
    if (slot.state !== slotState.streaming) {
      this.#inFlight.slots.release(slot);
      return;
    }
    slot.caller?.end(slot, broken);
    this.#inFlight.finish(slot, slot.status, this.counter);
  }

  #onEmpty(id: number): void {
    const slot = this.#find(id);
    if (!slot) return;
    this.#take(slot);
    if (slot.state === slotState.abandoned) this.#inFlight.slots.release(slot);
    else this.#inFlight.refuse(slot, { code: 'worker-died', message: 'the worker gave no answer to this request' }, this.counter);
  }

  #onRecalled(id: number): void {
    const slot = this.#find(id);
    if (!slot) return;
    this.#take(slot);
    if (slot.state === slotState.abandoned) {
      this.#inFlight.slots.release(slot);
      return;
    }
    slot.worker = null;
    this.#listener.returned([slot]);
  }

  #find(id: number): Slot | undefined {
    const slot = this.#inFlight.slots.find(id);
    return slot?.worker === this ? slot : undefined;
  }

  /** The one answer frame of a request has come. */
  #take(slot: Slot): void {
    slot.list?.remove(slot);
    this.#freed++;
  }

  /** The same, of a request that ran. */
  #takeRun(slot: Slot): void {
    if (slot.list === this.outstanding) this.#answers++;
    this.#take(slot);
  }

  /** No request follows: once nothing is owed, it may end. */
  #drainIfEmpty(): void {
    if (!this.#draining || this.#drainSent || this.outstanding.length > 0 || this.probes.length > 0) return;
    this.#drainSent = true;
    this.#writer.signal(frameType.drain, 0);
  }
}
