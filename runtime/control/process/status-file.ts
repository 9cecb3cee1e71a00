import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Status } from '../../api/objects.ts';
import { writePrivateFile } from './token.ts';

/** The file `spelld.json`, through which others find the control plane: the status, as it is now. */
export class StatusFile {
  readonly #file: string;
  #written: Status | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Writes the status if it is news. One write at a time, so that the last one said is the one that stays. */
  write(status: Status): Promise<void> {
    if (isDeepStrictEqual(status, this.#written)) return this.#writing;
    this.#written = status;
    this.#writing = this.#writing.then(() => writePrivateFile(this.#file, `${JSON.stringify(status)}\n`));
    return this.#writing;
  }

  /** Nobody is to find this control plane any more. */
  async remove(): Promise<void> {
    await this.#writing.catch(() => {});
    await rm(this.#file, { force: true });
  }
}
