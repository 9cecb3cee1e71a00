import type { Clock } from '../clock.ts';
import type { Worker } from '../pool/worker.ts';
import { leastLoaded } from './routing.ts';

/**
 * Which worker the next request goes to. Under the policy `fixed` requests wait for company, so those of one batch go to
 * one worker, until it is full or its window is over: spread over several, each would wait for company that sits
 * elsewhere. Otherwise a request goes where it would begin soonest.
 */
export class Company {
  #host: Worker | undefined;
  #count = 0;
  #since = 0;

  /** The worker, for exactly one request; `undefined` when none has room. */
  worker(workers: readonly Worker[], clock: Clock): Worker | undefined {
    const fixed = workers.length > 1 ? workers[0]?.batching : null;
    if (fixed?.windowMs == null) return leastLoaded(workers);
    const now = clock.now();
    const host = this.#host;
    if (host && this.#count < fixed.maxSize && now - this.#since < fixed.windowMs && host.room > 0 && workers.includes(host)) {
      this.#count++;
      return host;
    }
    this.#host = leastLoaded(workers);
    this.#count = 1;
    this.#since = now;
    return this.#host;
  }
}
