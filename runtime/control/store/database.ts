import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrate.ts';
import { type Migration, migrations as released } from './migrations.ts';
import { makePrivate } from './private-file.ts';
import { backupOf, continueNumbers, type Recovery, restoreBackup, setAside } from './recovery.ts';
import { isSqliteError } from './sqlite-errors.ts';

/** How long a statement may wait for another connection: the call blocks the whole control plane meanwhile. */
const busyTimeoutMs = 1000;

export interface OpenedDatabase {
  database: DatabaseSync;
  /** What had to be done about a damaged database; null when it was whole. */
  recovery: Recovery | null;
}

/**
 * Opens the state, checks it, and brings it to the newest schema. A damaged database is kept aside and replaced by the
 * newest backup, or by an empty one. The caller holds the home's lock and closes the database.
 *
 * WAL with `synchronous=FULL`: a commit that returned survives a power cut.
 */
export function openDatabase(file: string, now: Date, migrations: readonly Migration[] = released): OpenedDatabase {
  const { database, recovery } = openChecked(file, now);
  try {
    migrate(database, file, migrations);
    if (recovery) continueNumbers(database, now);
    return { database, recovery };
  } catch (error) {
    database.close();
    throw error;
  }
}

function openChecked(file: string, now: Date): OpenedDatabase {
  const problem = problemOf(file);
  if (problem === null) return { database: connect(file), recovery: null };
  const keptAs = setAside(file, now);
  const restored = existsSync(backupOf(file)) && problemOf(backupOf(file)) === null ? restoreBackup(file) : null;
  return { database: connect(file), recovery: { problem, keptAs, restored } };
}

function connect(file: string): DatabaseSync {
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  return database;
}

/** What is wrong with a database file, in SQLite's words; null when it is whole or not there yet. */
function problemOf(file: string): string | null {
  if (!existsSync(file)) return null;
  // SQLite takes an empty file for a new database; where there is a backup, there was a database.
  if (statSync(file).size === 0 && existsSync(backupOf(file))) return 'the file is empty';
  let database: DatabaseSync | undefined;
  try {
    database = connect(file);
    const found = database
      .prepare('PRAGMA quick_check(3)')
      .all()
      .map((row) => String(row.quick_check));
    return found.length === 1 && found[0] === 'ok' ? null : found.join('; ');
  } catch (error) {
    if (isSqliteError(error, 'corrupt', 'notADatabase')) return error.message;
    throw error;
  } finally {
    database?.close();
  }
}
