import { closeSync, fstatSync, writeSync } from 'node:fs';
import type { ErrorBody } from '../../api/errors.ts';
import type { Status } from '../../api/objects.ts';

/** The descriptor that a starter listens on. */
const descriptor = 3;

/** Tells the starter, in one line, that the API answers, or why it never will. Without a starter it does nothing. */
export function tellStarter(message: { ready: Status } | ErrorBody): void {
  try {
    const kind = fstatSync(descriptor);
    // Without a starter the number is Node's own, for something that is neither.
    if (!kind.isFIFO() && !kind.isSocket()) return;
    writeSync(descriptor, `${JSON.stringify(message)}\n`);
    closeSync(descriptor);
  } catch {
    // A starter that has gone needs no answer.
  }
}
