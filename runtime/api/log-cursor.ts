import type { LogLine } from './objects.ts';

/** What a stream of log lines begins with: the newest ones, or what comes after a position. */
export interface LogStart {
  tail?: string;
  since?: string;
}

/**
 * Where a reader of a log is. When the stream breaks off, asking from {@link LogCursor.start} goes on without a line
 * missing or coming twice.
 */
export class LogCursor {
  #start: LogStart;

  constructor(start: LogStart) {
    // Whoever wants nothing old wants all that comes from this moment on, also when the first answer never comes.
    this.#start = start.tail === '0' && start.since === undefined ? { since: new Date().toISOString() } : start;
  }

  get start(): LogStart {
    return this.#start;
  }

  /** Notes that this line has been read. */
  read({ position }: Pick<LogLine, 'position'>): void {
    this.#start = { since: position };
  }
}
