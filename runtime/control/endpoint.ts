import { SpellError } from '../api/errors.ts';
import type { EndpointCertificate } from '../api/objects.ts';
import type { Observation } from '../platform/platform.ts';
import type { FactsTable } from './store/facts-table.ts';

/** How long a verb waits for a platform that is being started. */
const patienceMs = 12_000;

/**
 * The endpoint's address. It outlives gateways and control planes, so what is remembered is right until the platform
 * says otherwise.
 */
export class Endpoint {
  readonly #facts: FactsTable;
  readonly #waiting = new Set<{ resolve: (url: string) => void; reject: (error: Error) => void }>();
  #problem: SpellError | null = null;
  #observed: string | null = null;
  #certificate: EndpointCertificate | null | undefined;

  constructor(facts: FactsTable) {
    this.#facts = facts;
  }

  /** The address, also before anything answers there; null in a home that never had one. */
  known(): string | null {
    return this.#observed ?? this.#facts.get('endpoint') ?? null;
  }

  /** What it answers with where it is https; null: plain HTTP. */
  get certificate(): EndpointCertificate | null {
    if (this.#certificate !== undefined) return this.#certificate;
    return JSON.parse(this.#facts.get('endpoint-certificate') ?? 'null') as EndpointCertificate | null;
  }

  /** Why the platform cannot start; null when it can. */
  get problem(): SpellError | null {
    return this.#problem;
  }

  /**
   * The address, once the platform has been seen to answer there: what is begun before that could wait for ever.
   * Rejects with why the platform cannot start, or `start-failed` when it says nothing.
   */
  wait(): Promise<string> {
    if (this.#observed !== null) return Promise.resolve(this.#observed);
    if (this.#problem) return Promise.reject(this.#problem);
    return new Promise((resolve, reject) => {
      const late = new SpellError(
        'start-failed',
        'the gateway did not start in time',
        'see logs/gateway.log and logs/spelld.log in SPELL_HOME',
      );
      const timer = setTimeout(() => waiter.reject(late), patienceMs);
      const ends =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          this.#waiting.delete(waiter);
          settle(value);
        };
      const waiter = { resolve: ends(resolve), reject: ends(reject) };
      this.#waiting.add(waiter);
    });
  }

  observe({ endpoint, front }: Observation): void {
    if (endpoint === null) return;
    this.#problem = null;
    this.#observed = endpoint;
    for (const waiter of [...this.#waiting]) waiter.resolve(endpoint);
    this.#facts.set('endpoint', endpoint);
    this.#certificate = front?.certificate ?? null;
    this.#facts.set('endpoint-certificate', JSON.stringify(this.#certificate));
  }

  failed(problem: SpellError): void {
    this.#problem = problem;
    for (const waiter of [...this.#waiting]) waiter.reject(problem);
  }
}
