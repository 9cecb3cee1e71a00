import type { Entry } from '../messages.ts';

/** The newest entries, at most `capacity` of them. Each has a number, counted from 0 on and never used again. */
export class EntryRing {
  readonly capacity: number;
  readonly #entries: Entry[] = [];
  #first = 0;
  #end = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The number of the oldest entry that is kept: as many were dropped. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will have. */
  get end(): number {
    return this.#end;
  }

  /** Of the entries `first` to `end`; undefined for any other. */
  get(number: number): Entry | undefined {
    return number >= this.#first && number < this.#end ? this.#entries[number % this.capacity] : undefined;
  }

  push(entry: Entry): void {
    this.#entries[this.#end % this.capacity] = entry;
    this.#end++;
    if (this.#end - this.#first > this.capacity) this.#first++;
  }
}
