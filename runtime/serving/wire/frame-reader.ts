import { frameHeaderSize } from './frames.ts';

/** A frame that claims to be larger is a broken worker. */
export const maxFrameBytes = 2 ** 29;

/** What is called for each frame: its payload is `bytes[start..end)` and stays valid, but keeps the whole buffer alive. */
export type FrameListener = (type: number, id: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Cuts the byte stream of a worker into frames. Frames that came whole are passed on where they lie; only one that is
 * spread over several reads is copied, once, into a buffer of its own size.
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

  /** Takes what was read. Throws when the stream is no stream of frames: the connection is of no use then. */
  push(read: Buffer): void {
    let bytes = read;
    if (this.#frame) {
      const taken = bytes.copy(this.#frame, this.#filled);
      this.#filled += taken;
      if (this.#filled < this.#frame.length) return;
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
        this.#frame = Buffer.allocUnsafe(size);
        this.#filled = bytes.copy(this.#frame, 0, at);
        return;
      }
      this.#emit(bytes, at, at + size);
      at += size;
    }
    if (at < bytes.length) this.#head = Buffer.from(bytes.subarray(at));
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#listener(bytes[start + 4] as number, bytes.readUInt32LE(start + 5), bytes, start + frameHeaderSize, end);
  }
}
