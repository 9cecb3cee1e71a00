import type { Duplex } from 'node:stream';
import type { BatchingMessage } from '../../api/batching.ts';
import type { Clock } from '../clock.ts';
import type { PodCounter } from '../metrics/server-traffic.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { PrefetchWindow } from '../requests/prefetch-window.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { SlotList } from '../requests/slot-list.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { type FailedMessage, frameType, type MetricsReport, type ReadyMessage, requestKind, type StartMessage } from '../wire/frames.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Left } from './left-behind.ts';
import { asyncBatches, WorkerBatches } from './worker-batches.ts';
import { settleAfterDeath } from './worker-death.ts';
import { WorkerMetrics } from './worker-metrics.ts';
import { WorkerUploads } from './worker-uploads.ts';

/** Requests that a worker with an async `predict` runs at a time; the others wait in the queue. */
export const asyncWindow = 256;

/** Answers that go on in pieces from one worker at a time, beside what it runs. */
export const mostStreams = 256;

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
  /** Its number in its pod. */
  index: number;
  listener: WorkerListener;
}

/**
 * The gateway's end of one worker: frames out, frames in, and the list of requests that the worker has. It knows nothing
 * of processes; {@link Seat} does. It is long because it is the one place where a request enters and leaves that list.
 */
export class Worker {
  /** Predict requests that it has not begun to answer, oldest first. */
  readonly outstanding: SlotList = new SlotList();
  /** Requests whose answers go on in pieces: they keep a worker's event loop busy, and nothing else of it. */
  readonly streams: SlotList = new SlotList();
  /** Health requests that it owes an answer. */
  readonly probes: SlotList = new SlotList();
  /** Large bodies that are on their way to it. */
  readonly uploads: WorkerUploads;
  readonly window: PrefetchWindow = new PrefetchWindow();
  readonly counter: PodCounter;
  readonly index: number;
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
  readonly #answers: AnswerReader;
  readonly #batches: WorkerBatches;
  /** The predictor's own metrics. */
  readonly metrics: WorkerMetrics;
  /** How it batches; null when it does not. */
  batching: BatchingMessage | null = null;
  #sent = 0;
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
    this.index = place.index;
    this.progressAt = this.#clock.now();
    this.#reader = new FrameReader((type, id, bytes, start, end) => this.#onFrame(type, id, bytes, start, end));
    this.#writer = new FrameWriter(channel);
    this.uploads = new WorkerUploads(channel, this.#writer, (slot) => this.#uploaded(slot));
    const { outstanding, probes, streams } = this;
    const { incomplete } = this.uploads;
    this.#answers = new AnswerReader(place.inFlight, place.counter, { outstanding, probes, streams, incomplete });
    this.#batches = new WorkerBatches(place, outstanding);
    this.metrics = new WorkerMetrics(this.#clock, () => this.#writer.signal(frameType.metrics, 0));
    channel.on('data', (read: Buffer) => this.#onRead(read));
    const closed = (): void => {
      this.#isOpen = false;
    };
    channel.on('end', closed);
    // A worker that died with unread bytes in its socket resets the connection; its exit says all there is to say.
    channel.on('error', closed);
  }

  /** It was asked for its health, nobody waits for the answer any more, and it still owes it. */
  get owesHealth(): boolean {
    return this.probes.first?.state === slotState.abandoned;
  }

  /** How many more requests it may be given now. */
  get room(): number {
    if (!this.#isOpen || this.outstanding.first?.alone) return 0;
    return Math.min(this.#size - this.outstanding.length, mostStreams - this.streams.length);
  }

  /** Whether it has begun a request, as far as one can tell from here. */
  isBegun(slot: Slot): boolean {
    if (this.batching) return this.#batches.isBegun(slot);
    return this.predictor?.predict.async === true || slot === this.outstanding.first;
  }

  /** The smaller it is, the sooner another request would begin here. */
  get load(): number {
    const { first, length } = this.outstanding;
    // Fewer streams decide between workers that have equally much to do.
    const load = length + this.streams.length / (mostStreams + 1);
    // What is sent to a free worker joins the batch that is about to begin.
    return this.batching && first && this.isBegun(first) ? load + this.batching.maxSize : load;
  }

  /**
   * How many requests it answers in a second, measured lately; 0 while nothing was. What it runs now and has not
   * answered for longer than that counts already.
   */
  answersPerSecond(now: number): number {
    const unansweredMs = this.outstanding.length === 0 ? 0 : (now - this.progressAt) / this.#atATime;
    const eachMs = Math.max(this.window.serviceMs, unansweredMs);
    return eachMs === 0 ? 0 : 1000 / eachMs;
  }

  /** Milliseconds that a request takes here at least, going by the last answers; 0 while that is not known. */
  get quickestMs(): number {
    return this.#answers.quickest.ms;
  }

  start(message: StartMessage): void {
    this.batching = message.batching;
    this.#batches.prefix = message.batchPrefix;
    this.#writer.json(frameType.start, message);
  }

  /** Gives it a request. The slot must stand in no list; it is this worker's until its answer frame has come. */
  send(slot: Slot): void {
    slot.state = slotState.sent;
    slot.worker = this;
    slot.recalled = false;
    slot.sentAt = this.#clock.now();
    this.#count(slot);
    this.#request(slot, slot.alone ? requestKind.alone : requestKind.predict, this.predictor?.predict.needsHead === true);
  }

  /**
   * Gives it a request whose body is still on its way. One that has to be complete first takes no room until it is, so
   * that slow clients keep nobody from being answered.
   */
  upload(slot: Slot): void {
    slot.state = slotState.uploading;
    slot.worker = this;
    slot.sentAt = this.#clock.now();
    if (this.predictor?.predict.streamsBody) this.#count(slot);
    else this.uploads.incomplete.push(slot);
    this.#request(slot, requestKind.predict | requestKind.more, this.predictor?.predict.needsHead === true);
    this.uploads.begin(slot);
  }

  /** Asks the predictor's own `health`, beside whatever it runs. */
  probe(slot: Slot): void {
    slot.kind = 1;
    slot.state = slotState.sent;
    slot.worker = this;
    this.probes.push(slot);
    this.#request(slot, requestKind.health, this.predictor?.health?.needsHead === true);
  }

  /** Its client is gone or was answered otherwise: the slot must be abandoned. */
  cancel(slot: Slot): void {
    this.#writer.signal(frameType.cancel, slot.id);
  }

  /** Asks for a request back; it comes by `returned` if it has not begun. One whose body is not kept stays. */
  recall(slot: Slot): void {
    if (slot.recalled || slot.upload || slot.state !== slotState.sent) return;
    slot.recalled = true;
    this.#writer.signal(frameType.recall, slot.id);
  }

  /** Asks back everything that it holds, and lets it end after the rest is answered. Nothing may be sent afterwards. */
  drain(): void {
    this.#draining = true;
    if (this.batching) this.#writer.signal(frameType.release, 0);
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
    if (this.outstanding.length + this.probes.length > 0) {
      this.#pingedAt = Number.POSITIVE_INFINITY;
      const running = this.#oldestWhole;
      // One that waits for company does not run yet.
      const window = running && !this.isBegun(running) ? (this.batching?.windowMs ?? 0) : 0;
      if (running && now - this.#begunAt(running) >= hardTimeoutMs + window) {
        return `was ended: one request ran longer than hard-timeout (${hardTimeoutMs / 1000} s)`;
      }
      return undefined;
    }
    if (now - this.#pingedAt >= pongTimeoutMs) return `was ended: it had nothing to do and did not answer for ${pongTimeoutMs / 1000} s`;
    if (this.#pingedAt === Number.POSITIVE_INFINITY) {
      this.#pingedAt = now;
      this.#writer.signal(frameType.ping, 0);
    }
    return undefined;
  }

  /**
   * Its process is gone: what it had finished is answered, what else it had begun gets 500, the rest goes back. Of a
   * batch, nobody knows who was guilty: with isolation its members are given back, too, to run once more and each alone.
   * One that dies alone is answered. `how` says in words what became of the process.
   * Returns how many requests failed, and how many went back.
   */
  died({ begun, unsent }: Left, how: string): { failed: number; returned: number } {
    this.#takeUnsent(unsent);
    const { outstanding, streams, probes } = this;
    const lists = { outstanding, streams, probes, incomplete: this.uploads.incomplete };
    const isolates = this.batching?.isolation === true;
    const { failed, back } = settleAfterDeath(lists, { inFlight: this.#inFlight, counter: this.counter, begun, how, isolates });
    if (back.length > 0) this.#listener.returned(back);
    return { failed, returned: back.length };
  }

  #takeUnsent(unsent: Buffer): void {
    const answers = this.#answers;
    answers.begin();
    try {
      new FrameReader((type, id, bytes, start, end) => answers.takeWhole(type, id, bytes, start, end)).push(unsent);
    } catch {
      // What died of writing all over its memory may have written here, too.
    }
  }

  /** How many of the requests that it has it runs together. */
  get #atATime(): number {
    const { length } = this.outstanding;
    if (this.predictor?.predict.async) return length;
    return Math.min(length, this.batching?.maxSize ?? 1);
  }

  /** Requests that it may hold: what it runs, and what lies there decoded while that runs. */
  get #size(): number {
    const isAsync = this.predictor?.predict.async === true;
    if (this.batching) return this.batching.maxSize * (isAsync ? asyncBatches + 1 : 2);
    return isAsync ? asyncWindow - this.streams.length : this.window.size;
  }

  close(): void {
    this.#channel.destroy();
  }

  /** It runs, or will as soon as it can. */
  #count(slot: Slot): void {
    slot.ordinal = ++this.#sent;
    if (this.outstanding.length === 0) this.progressAt = this.#measuredFrom = slot.sentAt;
    this.outstanding.push(slot);
  }

  /** The last byte of its body was sent: what counts from when a worker was given a request counts from now. */
  #uploaded(slot: Slot): void {
    const now = this.#clock.now();
    slot.takenAt += now - slot.sentAt;
    slot.sentAt = now;
    if (slot.state === slotState.uploading) {
      slot.state = slotState.sent;
      slot.server?.flow.uploaded(slot);
    }
    if (slot.list !== this.uploads.incomplete) return;
    this.uploads.incomplete.remove(slot);
    this.#count(slot);
    this.#listener.freed(this);
  }

  #request(slot: Slot, kind: number, needsHead: boolean): void {
    const head = needsHead && slot.caller ? Buffer.from(JSON.stringify(slot.caller.head(slot))) : null;
    this.#writer.request(frameType.request, slot.id, kind, slot.requestId, head, slot.body, slot.moreBody, slot.upload ? 0 : slot.bodySize);
  }

  #onRead(read: Buffer): void {
    const answers = this.#answers;
    answers.begin();
    try {
      this.#reader.push(read);
    } catch (error) {
      this.#giveBack();
      this.#listener.broken(this, error instanceof Error ? error.message : String(error));
      return;
    }
    if (answers.freed === 0) return;
    if (answers.answers > 0) {
      const now = this.#clock.now();
      this.window.observe(answers.answers, now - this.#measuredFrom);
      this.#measuredFrom = now;
      this.progressAt = now;
    }
    this.#drainIfEmpty();
    this.#giveBack();
    this.#listener.freed(this);
  }

  /** In the order in which they were sent here: those recalled last may have come back first. */
  #giveBack(): void {
    const { returned } = this.#answers;
    if (returned.length > 0) this.#listener.returned(returned.splice(0).sort((a, b) => a.ordinal - b.ordinal));
  }

  #onFrame(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    if (this.#answers.take(type, id, bytes, start, end)) return;
    switch (type) {
      case frameType.pong:
        this.#pingedAt = Number.POSITIVE_INFINITY;
        if (end > start) this.metrics.exist = true;
        return;
      case frameType.batch:
        this.progressAt = this.#clock.now();
        this.#batches.began(bytes, start, end, this.predictor?.predict.async === true);
        return;
      case frameType.isolated:
        this.#batches.isolated(bytes.readUInt32LE(start));
        return;
      case frameType.measured:
        this.metrics.take(JSON.parse(bytes.toString('utf8', start, end)) as MetricsReport);
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

  /** The oldest request that has come whole: who reads a body as it comes may wait for its client. */
  get #oldestWhole(): Slot | null {
    let slot = this.outstanding.first;
    while (slot?.state === slotState.uploading) slot = slot.next;
    return slot;
  }

  /** When a request began: async ones as soon as they arrive, others when the one before was answered. */
  #begunAt(slot: Slot): number {
    return this.predictor?.predict.async ? slot.sentAt : this.progressAt;
  }

  /** No request follows: once nothing is owed, it may end. */
  #drainIfEmpty(): void {
    if (!this.#draining || this.#drainSent) return;
    if (this.outstanding.length + this.uploads.incomplete.length + this.streams.length + this.probes.length > 0) return;
    this.#drainSent = true;
    this.#writer.signal(frameType.drain, 0);
  }
}
