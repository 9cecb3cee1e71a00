/** So many ends within the window are one after the other's fault, and a new start would not help. */
const mostEnds = 4;
const windowMs = 3 * 60_000;

/** Whether a language server that ended unasked is started again: yes, unless it has ended again and again. */
export class RestartPolicy {
  readonly #now: () => number;
  #ends: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Called when the server ended. */
  ended(): 'restart' | 'give up' {
    const now = this.#now();
    this.#ends = [...this.#ends.filter((end) => now - end < windowMs), now];
    return this.#ends.length < mostEnds ? 'restart' : 'give up';
  }

  /** Called when a person asks for a start: what was before does not count. */
  forget(): void {
    this.#ends = [];
  }
}
