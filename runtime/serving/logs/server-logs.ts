import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { collectMs } from './bounded-file.ts';
import { PodLog } from './pod-log.ts';
import { lastWritten, Positions } from './positions.ts';
import { LogReader, type LogSelection } from './read.ts';
import type { LogRetention } from './retention.ts';

/** The logs of one model server's pods. */
export class ServerLogs {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #retention: LogRetention;
  readonly #positions: Positions;
  readonly #open: Map<string, PodLog> = new Map();
  /** `added` tells those who follow and have read everything. */
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #removed = new AbortController();

  /** `retention` is shared by all model servers. */
  constructor(folder: string, clock: Clock, retention: LogRetention) {
    this.#folder = folder;
    this.#clock = clock;
    this.#retention = retention;
    this.#positions = new Positions(lastWritten(folder));
  }

  /** Begins the log of a new pod. */
  openPod(pod: string): PodLog {
    const added = (): boolean => this.#news.emit('added');
    const path = this.#pathOf(pod);
    this.#retention.begin(path);
    const log = new PodLog(pod, path, { clock: this.#clock, positions: this.#positions, added });
    this.#open.set(pod, log);
    return log;
  }

  /** The pod is gone: its log is closed and kept for a while. */
  async closePod(pod: string): Promise<void> {
    const log = this.#open.get(pod);
    await log?.file.close();
    this.#open.delete(pod);
    await this.#retention.end(this.#pathOf(pod));
  }

  /** Writes what waits, so that readers of the files see it. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map((log) => log.file.flush()));
  }

  /** Removes all lines, as far as the disk lets it, and ends those who follow; no pod may be left. */
  async remove(): Promise<void> {
    this.#removed.abort();
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  /** The selected lines that there are now, in batches of stored lines (`stored-line.ts`). */
  async *read(selection: LogSelection): AsyncGenerator<string[]> {
    const { reader, until } = await this.#begin(selection);
    try {
      yield* reader.upTo(until);
    } finally {
      await reader.close();
    }
  }

  /**
   * As {@link read}, and then what comes, until the signal aborts or the logs are removed. No line is missing, none comes
   * twice. All of it is read from the files at the pace of whoever asks, so that a slow reader costs no memory.
   */
  async *follow(selection: LogSelection, signal: AbortSignal): AsyncGenerator<string[]> {
    const begun = await this.#begin(selection);
    const ended = AbortSignal.any([signal, this.#removed.signal]);
    try {
      for (let until = begun.until; !ended.aborted; until = await this.#settle()) {
        yield* begun.reader.upTo(until);
        await this.#more(until, ended);
      }
    } finally {
      await begun.reader.close();
    }
  }

  async #begin(selection: LogSelection): Promise<{ reader: LogReader; until: string }> {
    const until = await this.#settle();
    return { reader: await LogReader.open(this.#folder, selection, until), until };
  }

  /** A position up to which everything is in the files. */
  async #settle(): Promise<string> {
    const until = this.#positions.last;
    await this.flush();
    return until;
  }

  /** Resolves when there are lines after a position, and some time for more of them has passed. */
  async #more(after: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (this.#positions.last === after) await once(this.#news, 'added', { signal }).catch(() => {});
    if (!signal.aborted) await new Promise<void>((resolve) => this.#clock.after(collectMs, resolve));
  }

  #pathOf(pod: string): string {
    return join(this.#folder, `${pod}.jsonl`);
  }
}
