import type { GatewayServer } from '../../serving/admin.ts';
import type { ServerKey } from '../platform.ts';
import type { AdminClient } from './admin-client.ts';
import { keyOf, type Told } from './told.ts';

/** What the gateway should be told of a model server now; `wait`: nothing yet; undefined: to forget it. */
export type Wanted = (key: ServerKey) => GatewayServer | 'wait' | undefined;

/**
 * Tells the gateway whole states, one at a time for each model server, and only what it does not know. What it did not
 * take is told again, to this gateway or to the next.
 */
export class GatewaySync {
  readonly #wanted: Wanted;
  readonly #told: Told;
  readonly #say: (line: string) => void;
  /** What the present gateway has confirmed, as JSON; an empty text: that it was to forget. */
  readonly #confirmed = new Map<string, string>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #retryMs: number;
  #admin: AdminClient | null = null;

  constructor(wanted: Wanted, told: Told, say: (line: string) => void, retryMs = 1000) {
    this.#retryMs = retryMs;
    this.#wanted = wanted;
    this.#told = told;
    this.#say = say;
  }

  /** Another gateway, which is told everything, or none. */
  connect(admin: AdminClient | null): void {
    this.#admin = admin;
    this.#confirmed.clear();
  }

  /** What is wanted of a model server may have changed. Resolves when the gateway knows it, or cannot be told now. */
  async push(key: ServerKey): Promise<void> {
    const name = keyOf(key);
    const going = (this.#busy.get(name) ?? Promise.resolve()).then(() => this.#tell(key));
    this.#busy.set(name, going);
    await going;
    if (this.#busy.get(name) === going) this.#busy.delete(name);
  }

  async #tell(key: ServerKey): Promise<void> {
    const admin = this.#admin;
    if (!admin) return;
    const server = this.#wanted(key);
    if (server === 'wait') return;
    const text = server ? JSON.stringify(server) : '';
    if (this.#confirmed.get(keyOf(key)) === text) return;
    try {
      if (server) {
        // A disk that is full must not keep anybody from stopping a server.
        await this.#told.note(server).catch((error: unknown) => this.#say(`told.json cannot be written: ${String(error)}`));
        await admin.put(server);
      } else {
        await admin.remove(key);
        await this.#told.forget(key);
      }
      if (this.#admin === admin) this.#confirmed.set(keyOf(key), text);
    } catch (error) {
      this.#say(`the gateway could not be told of ${keyOf(key)}: ${error instanceof Error ? error.message : String(error)}`);
      if (this.#admin === admin) setTimeout(() => void this.push(key), this.#retryMs).unref();
    }
  }
}
