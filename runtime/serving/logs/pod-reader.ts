import { stat } from 'node:fs/promises';
import { positionBefore, timeOf } from '../../api/log-position.ts';
import { Segment } from './segment.ts';
import { positionOf, storeLine } from './stored-line.ts';

/** A stored line. */
export interface StoredLine {
  position: string;
  /** One {@link LogLine} in JSON. */
  text: string;
}

/**
 * Reads what one pod printed, forwards and at the reader's own pace, over the change of its files (`bounded-file.ts`): the
 * full `POD.jsonl` becomes `POD.jsonl.1`, whose former content is gone then.
 */
export class PodReader {
  readonly #pod: string;
  readonly #path: string;
  /** What is read, then what is read after it. */
  #segments: Segment[];
  #lines: StoredLine[] = [];
  #next = 0;
  /** Of the last line that was read. */
  #last: string;
  #isBehind = false;

  private constructor(pod: string, path: string, segments: Segment[], after: string) {
    this.#pod = pod;
    this.#path = path;
    this.#segments = segments;
    this.#last = after;
  }

  /** Reads what comes after a position; everything after `''`. */
  static async open(pod: string, path: string, after: string): Promise<PodReader> {
    const newest = await Segment.open(path);
    if (newest && after !== '' && (await newest.seek(after))) return new PodReader(pod, path, [newest], after);
    const older = await Segment.open(`${path}.1`);
    if (!older || older.id === newest?.id) {
      await older?.close();
      return new PodReader(pod, path, newest ? [newest] : [], after);
    }
    if (after !== '') await older.seek(after);
    return new PodReader(pod, path, newest ? [older, newest] : [older], after);
  }

  /** The first line that was not taken yet, of those that {@link fill} has read. */
  get first(): StoredLine | undefined {
    return this.#lines[this.#next];
  }

  /** Passes over the first line. */
  take(): void {
    this.#next++;
  }

  /** Sees to it that there is a first line, if there is any. */
  async fill(): Promise<void> {
    while (this.#next === this.#lines.length) {
      const segment = this.#segments[0];
      const read = (await segment?.read()) ?? [];
      if (read.length === 0) {
        if (!(await this.#goOn())) return;
        continue;
      }
      this.#lines = read.flatMap((text) => {
        const position = positionOf(text);
        return position !== undefined && position > this.#last ? { position, text } : [];
      });
      this.#next = 0;
      if (this.#isBehind) this.#tellGap();
      this.#last = this.#lines.at(-1)?.position ?? this.#last;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#segments.splice(0).map((segment) => segment.close()));
  }

  /** At the end of a file: turns to the one that came after it; false while there is none. */
  async #goOn(): Promise<boolean> {
    const [ended, next] = this.#segments;
    if (next) {
      this.#segments.shift();
      await ended?.close();
      return true;
    }
    const newestId = (await stat(this.#path, { bigint: true }).catch(() => undefined))?.ino;
    if (newestId === undefined || newestId === ended?.id) return false;
    const newest = await Segment.open(this.#path);
    const older = await Segment.open(`${this.#path}.1`);
    await ended?.close();
    this.#segments = [older, newest].filter((segment) => segment !== undefined);
    if (!ended) return this.#segments.length > 0;
    if (older?.id === ended.id || older?.id === newest?.id) {
      await older?.close();
      this.#segments.shift();
    } else this.#isBehind = true;
    return true;
  }

  /** It was slower than two whole files were written: nobody knows what is gone. */
  #tellGap(): void {
    const next = this.#lines[0]?.position;
    if (next === undefined) return;
    this.#isBehind = false;
    const position = positionBefore(next);
    const text = 'lines may be missing here: they were overwritten before they were read';
    const line = { position, time: timeOf(position), pod: this.#pod, worker: null, stream: 'lifecycle', level: 'warning' } as const;
    this.#lines.unshift({ position, text: storeLine({ ...line, requestId: null, text }) });
  }
}
