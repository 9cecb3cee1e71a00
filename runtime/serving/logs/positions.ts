import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { positionsPerMs, toPosition } from '../../api/log-position.ts';

/**
 * Numbers the lines of one model server (`api/log-position.ts`). They only grow, also when the clock is set back, and also
 * over restarts: the files of an earlier gateway say how far it came.
 */
export class Positions {
  #ms = 0;
  /** The same in ISO 8601: writing a time out costs more than all the rest of a line. */
  #time = '';
  #number = 0;

  /** `ms` is later than all positions that were given before. */
  constructor(ms: number) {
    this.#begin(ms);
  }

  /** No line has a later one yet. */
  get last(): string {
    return toPosition(this.#time, this.#number);
  }

  /** The next line's. Its time is the one of the clock, unless that was set back. */
  next(now: Date): { position: string; time: string } {
    const ms = now.getTime();
    if (ms > this.#ms) this.#begin(ms);
    else if (++this.#number === positionsPerMs) this.#begin(this.#ms + 1);
    return { position: this.last, time: this.#time };
  }

  #begin(ms: number): void {
    this.#ms = ms;
    this.#time = new Date(ms).toISOString();
    this.#number = 0;
  }
}

/** When the files of a folder were written last, in milliseconds, rounded up; 0 where there is nothing. */
export function lastWritten(folder: string): number {
  try {
    return Math.ceil(Math.max(0, ...readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs)));
  } catch {
    return 0;
  }
}
