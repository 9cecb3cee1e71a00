import { closeSync, openSync } from 'node:fs';

/** Makes a file that is not there yet, for its owner alone: settings may hold secrets, and SQLite would let everybody read them. */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}
