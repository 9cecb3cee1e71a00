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

/**
 * A replaced database may have forgotten events that somebody has read. Numbers go on from the seconds since 1970, which no control
 * plane reaches by counting, so that a reader that resumes never waits for a number that was used before.
 */
export function continueEventNumbers(database: DatabaseSync, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1000);
  database.prepare("DELETE FROM sqlite_sequence WHERE name = 'events'").run();
  database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)").run(seconds);
}
