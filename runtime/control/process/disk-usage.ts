import { bytesBelow } from '../../api/bytes-below.ts';

/** How old a measurement may get: a home may hold Python environments with thousands of files, and every command asks. */
const freshMs = 60_000;

/** The bytes below a folder. */
export class DiskUsage {
  readonly #folder: string;
  readonly #now: () => Date;
  #bytes: number;
  #measuredAt: number;
  #measuring: Promise<number> | undefined;

  /** `remembered`: what was measured by an earlier process. It is fresh enough at first: a start has better things to do. */
  constructor(folder: string, now: () => Date, remembered: number | undefined) {
    this.#folder = folder;
    this.#now = now;
    this.#bytes = remembered ?? 0;
    this.#measuredAt = remembered === undefined ? Number.NEGATIVE_INFINITY : now().getTime();
  }

  /** What is known, at once; it is measured anew behind the caller's back when it is old. */
  get lastKnown(): number {
    if (this.#now().getTime() - this.#measuredAt > freshMs) void this.measure();
    return this.#bytes;
  }

  /** Measures now. */
  async measure(): Promise<number> {
    this.#measuring ??= bytesBelow(this.#folder).finally(() => {
      this.#measuring = undefined;
    });
    this.#bytes = await this.#measuring;
    this.#measuredAt = this.#now().getTime();
    return this.#bytes;
  }
}
