import type { Clock } from '../clock.ts';
import type { Slot } from './slot.ts';

/**
 * Bodies up to this size are kept by the gateway until they are answered, and travel in one frame: a request that was not
 * begun can then go to another worker. Larger ones are not kept. The size is a bargain: kept, a body of 512 KiB is answered
 * a third sooner (2.1 ms against 2.9) and 40 % more of them go through, one of 128 KiB a tenth; but a queue of 1000 may hold
 * as many kept bodies, which are 250 MiB of this size and 1 GiB of four times it.
 */
export const keptBodyBytes: number = 256 * 1024;

/** The client's end of a body: an `IncomingMessage`. While it is paused, TCP keeps the client from sending. */
export interface BodySource {
  pause(): unknown;
  resume(): unknown;
}

/** Where a body goes once its request has a worker. */
export interface BodySink {
  /** The upload may have something to send. */
  flow(upload: Upload): void;
  /** The rest will not come. */
  breakOff(upload: Upload): void;
}

/**
 * A large body on its way. As long as its request waits for a worker the client is held; then its pieces go on as they
 * come, none copied, as fast as the worker takes them. What lies here is at most what the client's socket had read when
 * it was held.
 */
export class Upload {
  readonly slot: Slot;
  /** When the client itself wants its request to be over. The server's own time limit counts from the complete body. */
  readonly clientDeadline: number;
  /** For so long its client may be held at a time, and so long the predictor may take once it has all. */
  readonly timeoutMs: number;
  /** The request's id on the wire, once it has a worker. */
  id = 0;
  readonly #source: BodySource;
  readonly #clock: Clock;
  readonly #pieces: Uint8Array[] = [];
  #sink: BodySink | null = null;
  #credit = 0;
  #ended = false;
  #over = false;
  /** Since when the client has been held; infinite while it is not. */
  #heldSince = Number.POSITIVE_INFINITY;
  #heldMs = 0;

  /** `received`: the pieces that came so far. The client is held from now on. */
  constructor(slot: Slot, source: BodySource, received: Iterable<Uint8Array>, timeoutMs: number, clock: Clock) {
    this.slot = slot;
    this.timeoutMs = timeoutMs;
    this.clientDeadline = slot.deadline;
    this.#source = source;
    this.#clock = clock;
    this.#pieces.push(...received);
    this.hold();
  }

  /** Its request has a worker, which wants `credit` bytes at first. */
  connect(sink: BodySink, id: number, credit: number): void {
    this.#sink = sink;
    this.id = id;
    this.#credit = credit;
    this.proceed();
  }

  /** The client sent more. */
  push(piece: Uint8Array): void {
    if (this.#over) return;
    this.#pieces.push(piece);
    this.proceed();
  }

  /** The client sent all. */
  end(): void {
    this.#ended = true;
    this.proceed();
  }

  /** The worker wants more. */
  grant(bytes: number): void {
    this.#credit += bytes;
    this.proceed();
  }

  /** Sends what may be sent now. */
  proceed(): void {
    if (!this.#over) this.#sink?.flow(this);
  }

  /** The next bytes that may be sent; null if there are none. */
  take(): Uint8Array | null {
    const piece = this.#pieces[0];
    if (piece === undefined || this.#credit <= 0 || this.#over) return null;
    const taken = piece.length <= this.#credit ? piece : piece.subarray(0, this.#credit);
    if (taken === piece) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(taken.length);
    this.#credit -= taken.length;
    return taken;
  }

  /** The client has not sent all of it. */
  get isComing(): boolean {
    return !this.#ended;
  }

  /** Everything that the client will send has been taken. */
  get isSpent(): boolean {
    return this.#ended && this.#pieces.length === 0;
  }

  /** Something came that may not be sent yet. */
  get isBlocked(): boolean {
    return this.#pieces.length > 0;
  }

  /** The worker has all of it. */
  finish(): void {
    this.#over = true;
    this.release();
  }

  /** Its request is over; what still comes is nobody's. Does nothing after {@link finish}. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#pieces.length = 0;
    this.#sink?.breakOff(this);
  }

  /** Keeps the client from sending more. That it hangs up meanwhile is behind what it has sent, so it is seen only later. */
  hold(): void {
    if (this.#heldSince !== Number.POSITIVE_INFINITY) return;
    this.#heldSince = this.#clock.now();
    this.#source.pause();
  }

  /** Lets the client send. */
  release(): void {
    if (this.#heldSince === Number.POSITIVE_INFINITY) return;
    this.#heldMs += this.#clock.now() - this.#heldSince;
    this.#heldSince = Number.POSITIVE_INFINITY;
    this.#source.resume();
  }

  /** Since when it has been us who keep the client waiting; infinite while it may send. */
  get heldSince(): number {
    return this.#heldSince;
  }

  /** For how long altogether it was us. */
  get heldMs(): number {
    return this.#heldMs + Math.max(0, this.#clock.now() - this.#heldSince);
  }
}
