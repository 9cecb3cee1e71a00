/** How far back a rate looks, in milliseconds: long enough that chance arrivals even out, short enough to follow a step within seconds. */
export const rateWindowMs = 4000;

/** How fast a counter grows, from its values now and then. A counter that falls has begun anew, and so does its rate. */
export class CounterRate {
  #seen: { at: number; value: number }[] = [];

  /** Notes a value and returns the growth per second over the last window; null before a second value. `at` in milliseconds. */
  note(at: number, value: number): number | null {
    if (value < (this.#seen.at(-1)?.value ?? 0)) this.#seen = [];
    this.#seen.push({ at, value });
    // One value from before the window is its beginning.
    while (this.#seen.length > 2 && (this.#seen[1]?.at ?? at) <= at - rateWindowMs) this.#seen.shift();
    const [first] = this.#seen;
    if (first === undefined || at <= first.at) return null;
    return ((value - first.value) / (at - first.at)) * 1000;
  }
}
