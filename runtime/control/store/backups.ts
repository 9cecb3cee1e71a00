import { rename, rm } from 'node:fs/promises';
import { backup, type DatabaseSync } from 'node:sqlite';
import { makePrivate } from './private-file.ts';
import { backupOf } from './recovery.ts';

/** How long after a change the copy is made: changes come in bursts, and one copy does for all of them. */
const quietMs = 60_000;

/**
 * Keeps a copy of the database for the day it is found damaged. A copy is made soon after something was changed that a
 * person would miss, page by page beside other work, and takes the former one's place only when it is whole.
 */
export class Backups {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #say: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync, file: string, say: (line: string) => void) {
    this.#database = database;
    this.#file = file;
    this.#say = say;
  }

  /** Something was changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.make();
    }, quietMs).unref();
  }

  /** Makes a copy now. A failure is said in the log and changes nothing: the former copy stays. */
  async make(): Promise<void> {
    const target = backupOf(this.#file);
    const beside = `${target}.new`;
    try {
      await rm(beside, { force: true });
      makePrivate(beside);
      await backup(this.#database, beside);
      await rename(beside, target);
    } catch (error) {
      this.#say(`the state could not be copied to ${target}: ${error instanceof Error ? error.message : String(error)}`);
      await rm(beside, { force: true });
    }
  }

  /** No copy is begun any more; the caller closes the database. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
