import { frameHeaderSize } from './frames.ts';
import { freeIfAlone } from './memory.ts';

/** A frame that claims to be larger is a broken worker. */
export const maxFrameBytes = 2 ** 29;

/** What is called for each frame: its payload is `bytes[start..end)` and stays valid, but keeps the whole buffer alive. */
export type FrameListener = (type: number, id: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Cuts the byte stream of a worker into frames. Frames that came whole are passed on where they lie; only one that is
 * spread over several reads is copied, once, into a buffer of its own size ({@link freeFrame}).
 */
export class FrameReader {
  readonly #listener: FrameListener;
  /** The first bytes of a frame whose size is not known yet. */
  #head: Buffer = Buffer.alloc(0);
  /** A frame in the making, and how much of it is there. */
  #frame: Buffer | null = null;
  #filled = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /**
   * Takes what was read, and gives its memory back if all of it was copied. Throws when the stream is no stream of frames:
   * the connection is of no use then.
   */
  push(read: Buffer): void {
    if (this.#cut(read)) freeIfAlone(read);
  }

  /** Whether nothing of what was read is used where it lies. */
  #cut(read: Buffer): boolean {
    let bytes = read;
    if (this.#frame) {
      const taken = bytes.copy(this.#frame, this.#filled);
      this.#filled += taken;
      if (this.#filled < this.#frame.length) return true;
      const frame = this.#frame;
      this.#frame = null;
      this.#emit(frame, 0, frame.length);
      bytes = bytes.subarray(taken);
    }
    if (this.#head.length > 0) {
      bytes = Buffer.concat([this.#head, bytes]);
      this.#head = Buffer.alloc(0);
    }
    let at = 0;
    while (bytes.length - at >= frameHeaderSize) {
      const size = bytes.readUInt32LE(at) + 4;
      if (size < frameHeaderSize || size > maxFrameBytes) throw new Error(`a frame of ${size} bytes`);
      if (bytes.length - at < size) {
        this.#frame = Buffer.allocUnsafeSlow(size);
        this.#filled = bytes.copy(this.#frame, 0, at);
        return at === 0;
      }
      this.#emit(bytes, at, at + size);
      at += size;
    }
    if (at < bytes.length) this.#head = Buffer.from(bytes.subarray(at));
    return at === 0;
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#listener(bytes[start + 4] as number, bytes.readUInt32LE(start + 5), bytes, start + frameHeaderSize, end);
  }
}

/** Gives back the memory of a frame by its payload, which nobody uses any more, unless other frames lie beside it. */
export function freeFrame(payload: Uint8Array): void {
  freeIfAlone(payload, frameHeaderSize);
}
