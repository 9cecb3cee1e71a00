import { closeSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { leftBehindSize } from '../wire/frames.ts';

/** Bytes before the frames: the ordinal, and how many bytes of frames follow. */
const headSize = 12;

/** What a worker knew when its process ended. */
export interface Left {
  /** The ordinal of the last predict request that was begun; 0 if none was. */
  begun: number;
  /** Frames of answers that were finished, and perhaps not sent. */
  unsent: Buffer;
}

/** Of a process that never was. */
export const nothingLeft: Left = { begun: 0, unsent: Buffer.alloc(0) };

/**
 * The worker's file descriptor 4, which the worker maps into its memory and the gateway reads after a crash
 * (`wire/frames.ts`). The file has no name after this constructor, so it cannot be left behind itself.
 */
export class LeftBehind {
  readonly descriptor: number;

  /** `folder` is where the nameless file lies; `name` must not exist there. Throws what the file system throws. */
  constructor(folder: string, name: string) {
    const path = join(folder, name);
    this.descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    ftruncateSync(this.descriptor, leftBehindSize);
  }

  read(): Left {
    const bytes = Buffer.alloc(leftBehindSize);
    readSync(this.descriptor, bytes, 0, leftBehindSize, 0);
    return { begun: Number(bytes.readBigUInt64LE()), unsent: bytes.subarray(headSize, headSize + bytes.readUInt32LE(8)) };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
