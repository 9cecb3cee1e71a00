import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The worker's file descriptor 4: eight bytes that the worker maps into its memory and the gateway reads after a crash
 * (`wire/frames.ts`). The file has no name after this constructor, so it cannot be left behind.
 */
export class BegunCounter {
  readonly descriptor: number;

  /** `folder` is where the nameless file lies; `name` must not exist there. Throws what the file system throws. */
  constructor(folder: string, name: string) {
    const path = join(folder, name);
    this.descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    writeSync(this.descriptor, Buffer.alloc(8));
  }

  /** The ordinal of the last predict request that was begun; 0 if none was. */
  read(): number {
    const bytes = Buffer.alloc(8);
    readSync(this.descriptor, bytes, 0, 8, 0);
    return Number(bytes.readBigUInt64LE());
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
