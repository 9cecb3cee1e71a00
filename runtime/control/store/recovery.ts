import { copyFileSync, existsSync, renameSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** What was done about a damaged database. */
export interface Recovery {
  /** What SQLite found. */
  problem: string;
  /** Where the damaged file lies now. */
  keptAs: string;
  /** When the backup that took its place was made; null where there was none, and the state begins empty. */
  restored: string | null;
}

/** The file that `backups.ts` keeps the newest copy in. */
export function backupOf(file: string): string {
  return `${file}.backup`;
}

/** A recovery as one sentence for people. */
export function recoverySentence({ problem, keptAs, restored }: Recovery): string {
  const instead = restored === null ? 'there was no backup, so it begins empty' : `the backup of ${restored} is used instead`;
  return `the state was damaged (${problem}) and is kept as ${keptAs}; ${instead}`;
}

/** Renames a database with its log and index, so that a person can still look into it. Returns the new name. */
export function setAside(file: string, now: Date): string {
  const keptAs = `${file}.corrupt-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, keptAs + suffix);
  return keptAs;
}

/** Puts the backup in the database's place; the backup itself stays. Returns when it was made. */
export function restoreBackup(file: string): string {
  const made = statSync(backupOf(file)).mtime;
  copyFileSync(backupOf(file), `${file}.restoring`);
  renameSync(`${file}.restoring`, file);
  return made.toISOString();
}

/** More than are given within the minute or so that a backup is behind: an upload, a run or a revision takes longer than this leaves to it. */
const numbersPassedOver = 1000;

/**
 * A replaced database may have forgotten numbers that somebody knows: of events that were read, of runs, versions and revisions
 * that are written down somewhere, or after which files are named. None of them may come to mean something else. Those of events
 * go on from the seconds since 1970, which no control plane reaches by counting; the others, which people read, some way on.
 */
export function continueNumbers(database: DatabaseSync, now: Date): void {
  setSequence(database, 'events', Math.floor(now.getTime() / 1000));
  const runs = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").get()?.seq;
  if (runs !== undefined) setSequence(database, 'runs', Number(runs) + numbersPassedOver);
  for (const [table, counter] of [
    ['version_counters', 'last_version'],
    ['model_servers', 'last_revision'],
  ] as const)
    database.prepare(`UPDATE ${table} SET ${counter} = ${counter} + ?`).run(numbersPassedOver);
}

/** Sets the last number that `AUTOINCREMENT` gave to a table's rows. */
function setSequence(database: DatabaseSync, table: string, last: number): void {
  database.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
  database.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last);
}
