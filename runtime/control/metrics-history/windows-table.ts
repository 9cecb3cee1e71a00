import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ServerKey } from '../../platform/platform.ts';
import { makePrivate } from '../store/private-file.ts';
import { json, type Row } from '../store/rows.ts';
import { transaction } from '../store/transaction.ts';
import type { MetricsWindow } from './window.ts';

/** How fine a window is: five seconds for an hour, a minute for a day. */
export const resolutions = { fine: { everyMs: 5000, keptMs: 3_600_000 }, coarse: { everyMs: 60_000, keptMs: 86_400_000 } } as const;
export type Resolution = keyof typeof resolutions;

/**
 * What model servers did, in a database of its own: it is written every few seconds, may be lost without harm, and so
 * has no part in the state's backups and syncs. One that cannot be opened is begun anew.
 */
export class WindowsTable {
  readonly #database: DatabaseSync;
  readonly #statements: Record<'insert' | 'read' | 'forget' | 'servers' | 'remove', StatementSync>;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS windows (
        owner      TEXT NOT NULL,
        name       TEXT NOT NULL,
        resolution TEXT NOT NULL,
        at         INTEGER NOT NULL,
        window     TEXT NOT NULL,
        PRIMARY KEY (owner, name, resolution, at)
      ) STRICT, WITHOUT ROWID`);
    this.#statements = {
      insert: database.prepare('INSERT OR REPLACE INTO windows (owner, name, resolution, at, window) VALUES (?, ?, ?, ?, ?)'),
      read: database.prepare('SELECT window FROM windows WHERE owner = ? AND name = ? AND resolution = ? AND at > ? ORDER BY at'),
      forget: database.prepare('DELETE FROM windows WHERE resolution = ? AND at <= ?'),
      servers: database.prepare('SELECT DISTINCT owner, name FROM windows'),
      remove: database.prepare('DELETE FROM windows WHERE owner = ? AND name = ?'),
    };
  }

  static open(file: string): WindowsTable {
    try {
      return WindowsTable.#open(file);
    } catch {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
      return WindowsTable.#open(file);
    }
  }

  static #open(file: string): WindowsTable {
    makePrivate(file);
    return new WindowsTable(new DatabaseSync(file));
  }

  /** Several changes at once. */
  change(work: () => void): void {
    transaction(this.#database, work);
  }

  insert({ owner, name }: ServerKey, resolution: Resolution, window: MetricsWindow): void {
    this.#statements.insert.run(owner, name, resolution, window.at, JSON.stringify(window));
  }

  /** Those that ended after a time, oldest first. */
  after({ owner, name }: ServerKey, resolution: Resolution, at: number): MetricsWindow[] {
    return this.#statements.read.all(owner, name, resolution, at).map((row: Row) => json<MetricsWindow>(row, 'window'));
  }

  /** Forgets what is too old, and model servers that are not there any more. */
  tidy(now: number, known: (key: ServerKey) => boolean): void {
    for (const [resolution, { keptMs }] of Object.entries(resolutions)) this.#statements.forget.run(resolution, now - keptMs);
    for (const { owner, name } of this.#statements.servers.all() as unknown as ServerKey[])
      if (!known({ owner, name })) this.#statements.remove.run(owner, name);
  }

  close(): void {
    this.#database.close();
  }
}
