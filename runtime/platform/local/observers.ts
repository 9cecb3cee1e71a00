import type { Observation } from '../platform.ts';

/** Those who watch the platform. Each is shown the whole, once for all that changes in a turn, and nothing that it has seen. */
export class Observers {
  readonly #observe: () => Observation;
  readonly #listeners = new Set<(observed: Observation) => void>();
  #shown = '';
  #scheduled = false;

  constructor(observe: () => Observation) {
    this.#observe = observe;
  }

  /** Shows what there is to this one, at once and after each change, until the function is called that it returns. */
  watch(listener: (observed: Observation) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#observe());
    return () => this.#listeners.delete(listener);
  }

  /** What is observed may have changed. */
  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const observed = this.#observe();
      const text = JSON.stringify(observed);
      if (text === this.#shown) return;
      this.#shown = text;
      for (const listener of this.#listeners) listener(observed);
    });
  }
}
