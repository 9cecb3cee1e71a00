import { CounterRate } from './counter-rate.ts';

/** The same counter of each pod, as rates per second. */
export class PodRates {
  #rates = new Map<string, CounterRate>();

  /** Notes the counters of the pods there are, by id, and returns what is known of each. `at` in milliseconds. */
  note(at: number, values: ReadonlyMap<string, number>): Map<string, number> {
    this.#rates = new Map([...values.keys()].map((pod) => [pod, this.#rates.get(pod) ?? new CounterRate()]));
    const known = new Map<string, number>();
    for (const [pod, rate] of this.#rates) {
      const perSecond = rate.note(at, values.get(pod) ?? 0);
      if (perSecond !== null) known.set(pod, perSecond);
    }
    return known;
  }
}
