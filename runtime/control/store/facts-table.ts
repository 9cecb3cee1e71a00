import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Single facts that outlive a control plane: the ports it had, how its endpoint is reached, what its home weighed, which
 * incidents it told, which pods it promised a place.
 */
export type FactKey =
  | 'api-port'
  | 'gateway-host'
  | 'gateway-tls'
  | 'gateway-access-log'
  | 'endpoint'
  | 'endpoint-certificate'
  | 'disk'
  | 'incidents-told'
  | 'pods-placed';

export class FactsTable {
  readonly #get: StatementSync;
  readonly #set: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM facts WHERE key = ?');
    this.#set = database.prepare('INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  }

  get(key: FactKey): string | undefined {
    const value = this.#get.get(key)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  /** Writes only what is new: a fact that is said again costs nothing. */
  set(key: FactKey, value: string): void {
    if (this.get(key) !== value) this.#set.run(key, value);
  }
}
