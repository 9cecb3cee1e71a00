/** How many answers are looked back at: at least so many, at most twice as many. */
export const lookBack = 32;

/**
 * The least time that any of the last answers took. What has less time left cannot be answered in time, as far as
 * anybody can tell; an average would refuse what might just make it. One quick answer corrects it at once.
 */
export class Quickest {
  #recent = Number.POSITIVE_INFINITY;
  #before = 0;
  #count = 0;

  observe(ms: number): void {
    if (ms < this.#recent) this.#recent = ms;
    if (++this.#count < lookBack) return;
    this.#before = this.#recent;
    this.#recent = Number.POSITIVE_INFINITY;
    this.#count = 0;
  }

  /** Milliseconds; 0 until {@link lookBack} answers were seen. */
  get ms(): number {
    return Math.min(this.#before, this.#recent);
  }
}
