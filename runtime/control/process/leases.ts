/** How long nobody may be connected: a window that is loaded anew is away for some seconds. */
export const leasePauseMs = 10_000;

/** One connection of a holder. */
interface Lease {
  holder: string;
  /** Ends it from our side. */
  end: () => void;
}

/**
 * Who wants the control plane, and all that runs, to end with them. A lease is a connection and nothing else, so that it
 * ends with its holder however that ends: closed, killed or crashed. When the last one has broken off and none has come
 * for {@link leasePauseMs}, `lost` is called; never while there was none, and not for one that was given back.
 */
export class Leases {
  readonly #lost: () => void;
  readonly #held = new Set<Lease>();
  /** A holder's last word, which may arrive before the connection that it is about. */
  readonly #givenBack = new Set<string>();
  #pause: NodeJS.Timeout | undefined;

  constructor(lost: () => void) {
    this.#lost = lost;
  }

  /** A lease from now until the signal aborts, which counts as broken off, or its holder gives it back. Yields nothing. */
  hold(holder: string, signal: AbortSignal): AsyncIterable<never> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#givenBack.has(holder)) resolve();
    else {
      clearTimeout(this.#pause);
      const lease = { holder, end: resolve };
      this.#held.add(lease);
      signal.addEventListener('abort', () => this.#broken(lease), { once: true });
      if (signal.aborted) this.#broken(lease);
    }
    return silence(promise);
  }

  /** Ends a holder's lease for good; others go on. */
  giveBack(holder: string): void {
    this.#givenBack.add(holder);
    for (const lease of this.#held) {
      if (lease.holder !== holder) continue;
      this.#held.delete(lease);
      lease.end();
    }
  }

  #broken(lease: Lease): void {
    lease.end();
    if (!this.#held.delete(lease) || this.#held.size > 0) return;
    this.#pause = setTimeout(this.#lost, leasePauseMs).unref();
  }
}

/** A source of nothing, which ends with a promise. */
function silence(until: Promise<void>): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => until.then(() => ({ done: true, value: undefined })) }) };
}
