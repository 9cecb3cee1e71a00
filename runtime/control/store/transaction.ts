import type { DatabaseSync } from 'node:sqlite';

/**
 * Runs `work` in one transaction: all of it is on the disk when this returns, or none of it after a throw. Inside
 * another transaction it is a part of that one. `work` must not wait for anything: the connection is shared.
 */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite itself has already rolled back after some errors, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
