import { DatabaseSync } from 'node:sqlite';
import { isSqliteError } from '../store/sqlite-errors.ts';

/** A home's lock, held until it is released or its process has ended, in whatever way. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a home, or returns undefined while another process holds it. Node has no file locks of its own;
 * SQLite's are the system's, which lets go of them when their process dies.
 *
 * The caller keeps what is returned: a lock that nobody refers to may be collected, and is free then.
 */
export function takeLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (isSqliteError(error, 'busy')) return undefined;
    throw error;
  }
}
