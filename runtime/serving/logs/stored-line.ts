import { positionLength } from '../../api/log-position.ts';
import { type LogLine, logLine } from '../../api/objects.ts';

/*
 * A line of a pod's file is a LogLine in JSON that begins with its position: so readers find their way through a file, and
 * pass its lines on, without parsing them.
 */

const prefix = '{"position":"';
/** A line is shorter than this only when a crash cut it off. */
const shortest = prefix.length + positionLength;

export function storeLine({ position, ...line }: LogLine): string {
  return JSON.stringify({ position, ...line });
}

/** The position of a stored line; undefined for what is none. */
export function positionOf(stored: string): string | undefined {
  return stored.length > shortest && stored.startsWith(prefix) && stored.endsWith('}') ? stored.slice(prefix.length, shortest) : undefined;
}

/** The position of the stored line that begins at `start`; undefined for what is none. */
export function positionAt(bytes: Buffer, start: number): string | undefined {
  const head = bytes.toString('latin1', start, start + shortest);
  return head.length === shortest && head.startsWith(prefix) ? head.slice(prefix.length) : undefined;
}

/** Reads a stored line; undefined for what is none (torn by a crash). */
export function readLine(stored: string): LogLine | undefined {
  try {
    return logLine.parse(JSON.parse(stored));
  } catch {
    return undefined;
  }
}
