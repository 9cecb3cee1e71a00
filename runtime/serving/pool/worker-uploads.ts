import type { Duplex } from 'node:stream';
import type { Slot } from '../requests/slot.ts';
import { SlotList } from '../requests/slot-list.ts';
import type { BodySink, Upload } from '../requests/upload.ts';
import type { FrameWriter } from '../wire/frame-writer.ts';
import { frameType, streamWindowBytes } from '../wire/frames.ts';

/** Large bodies that may be on the way to one worker at a time: slow clients must not keep others from sending. */
export const maxUploads = 64;

/** Bytes that the bodies on the way to one worker may have together, unless it is a single one: they fill its memory. */
export const maxUploadBytes: number = 256 * 2 ** 20;

const whole: Uint8Array = Uint8Array.of(0);
const broken: Uint8Array = Uint8Array.of(1);

/**
 * The large bodies on their way to one worker. Each may have a window of bytes under way (WANT), and all of them together
 * write only as long as the socket takes it: what other requests send meanwhile waits behind one piece, not behind bodies.
 */
export class WorkerUploads implements BodySink {
  /** Requests that the worker knows of and that wait there for the rest of their bodies. */
  readonly incomplete: SlotList = new SlotList();
  readonly #writer: FrameWriter;
  readonly #completed: (slot: Slot) => void;
  /** What could go on if the socket took more, the first to be served first. */
  #blocked: Upload[] = [];

  /** `completed` is called when the last byte of a body was sent. */
  constructor(channel: Duplex, writer: FrameWriter, completed: (slot: Slot) => void) {
    this.#writer = writer;
    this.#completed = completed;
    channel.on('drain', () => this.#drained());
  }

  /** Whether one more body of this size (0: unknown) may be sent. */
  hasPlaceFor(size: number): boolean {
    const { incomplete } = this;
    if (incomplete.length === 0) return true;
    if (incomplete.length >= maxUploads) return false;
    let bytes = size;
    for (let slot = incomplete.first; slot; slot = slot.next) bytes += Math.max(slot.declaredSize, slot.bodySize);
    return bytes <= maxUploadBytes;
  }

  /** The worker was sent the request: its body follows. */
  begin(slot: Slot): void {
    slot.upload?.connect(this, slot.id, streamWindowBytes);
  }

  flow(upload: Upload): void {
    while (!this.#writer.isFull) {
      const piece = upload.take();
      if (piece === null) {
        this.#rest(upload);
        return;
      }
      this.#writer.given(frameType.body, upload.id, piece);
    }
    upload.hold();
    if (!this.#blocked.includes(upload)) this.#blocked.push(upload);
  }

  breakOff(upload: Upload): void {
    this.#writer.bytes(frameType.complete, upload.id, broken);
  }

  /** Everything that may be sent was sent. */
  #rest(upload: Upload): void {
    if (upload.isSpent) {
      this.#writer.bytes(frameType.complete, upload.id, whole);
      upload.finish();
      this.#completed(upload.slot);
    } else if (upload.isBlocked) upload.hold();
    else upload.release();
  }

  #drained(): void {
    const blocked = this.#blocked;
    this.#blocked = [];
    for (const upload of blocked) upload.proceed();
  }
}
