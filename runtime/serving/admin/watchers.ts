import type { ServerResponse } from 'node:http';

/** How long changes are collected into one line. */
const collectMs = 10;

/**
 * The open `/watch` connections. Each gets the whole observed state at once and after each change; one that reads
 * slowly misses states in between, never the last one.
 */
export class Watchers {
  readonly #observe: () => string;
  readonly #vanished: () => void;
  readonly #watched: () => void;
  readonly #open: Set<ServerResponse> = new Set();
  /** Those that must get the next state as soon as they have taken the last one. */
  readonly #behind: Set<ServerResponse> = new Set();
  #scheduled = false;

  /** `observe` makes the line; `vanished` is called when the last watcher is gone, `watched` with each that comes. */
  constructor(observe: () => string, vanished: () => void, watched: () => void) {
    this.#observe = observe;
    this.#vanished = vanished;
    this.#watched = watched;
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    this.#open.add(response);
    this.#watched();
    response.on('drain', () => {
      if (this.#behind.delete(response)) response.write(this.#observe());
    });
    response.on('close', () => {
      this.#open.delete(response);
      this.#behind.delete(response);
      if (this.#open.size === 0) this.#vanished();
    });
    response.write(this.#observe());
  }

  /** What is observed changed. */
  changed(): void {
    if (this.#scheduled || this.#open.size === 0) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (this.#open.size === 0) return;
      const line = this.#observe();
      for (const response of this.#open) {
        if (response.writableNeedDrain) this.#behind.add(response);
        else response.write(line);
      }
    }, collectMs);
  }
}
