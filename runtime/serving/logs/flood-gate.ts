import { maxLineLength } from '../../api/line-splitter.ts';
import type { Clock } from '../clock.ts';
import { lineSeparator } from '../wire/log-line.ts';

/** What the log takes of one stream of a worker a second, in bytes of its file. Making lines of more would slow the answers down. */
export const floodBytesPerSecond = 2 * 2 ** 20;

/** What it takes at once. Of all streams of a pod together it should fit into what waits for the disk. */
export const floodBurstBytes = 2 ** 20;

/** What a line of the file has beside its text: its position, time, pod and request. */
const lineOverheadBytes = 200;

/** How long lines are dropped at least once they have to be, so that what is kept are stretches one can read. */
export const floodPauseMs = 500;

const lineFeed = 10;
const separator = lineSeparator.charCodeAt(0);
const nothing = Buffer.alloc(0);

/** What was dropped between two lines that were kept. */
export interface Dropped {
  lines: number;
  bytes: number;
}

/**
 * Lets through what a worker prints, up to a rate, and drops the rest in whole lines: nothing that comes through is torn. What is
 * dropped is counted, at the cost of looking for its line feeds, and told when lines are let through again.
 */
export class FloodGate {
  readonly #clock: Clock;
  readonly #told: (dropped: Dropped) => void;
  #left = floodBurstBytes;
  #filledAt: number;
  #isShut = false;
  /** The last line that was dropped has not ended yet. */
  #inDropped = false;
  /** How much has come through of the last line, which has not ended yet; 0 when it has. */
  #begunBytes = 0;
  #dropped: Dropped = { lines: 0, bytes: 0 };
  #cancel = (): void => {};

  constructor(clock: Clock, told: (dropped: Dropped) => void) {
    this.#clock = clock;
    this.#filledAt = clock.now();
    this.#told = told;
  }

  /** What is to be read of a piece of the stream. */
  pass(piece: Buffer): Buffer {
    if (this.#isShut) {
      this.#drop(piece);
      return nothing;
    }
    this.#fill();
    const from = this.#inDropped ? this.#endDropped(piece) : 0;
    const offered = piece.subarray(from);
    const kept = offered.subarray(0, this.#lengthOfKept(offered));
    const rest = offered.subarray(kept.length);
    this.#charge(kept);
    if (rest.length === 0) return kept;
    this.#shut();
    this.#drop(rest);
    // Of a line without an end what came through is a line: nothing else may be joined to it.
    return this.#begunBytes > 0 ? this.#endBegun(kept) : kept;
  }

  /** The stream has ended: what was dropped last is told. */
  end(): void {
    this.#cancel();
    this.#open();
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#left = Math.min(floodBurstBytes, this.#left + ((now - this.#filledAt) / 1000) * floodBytesPerSecond);
    this.#filledAt = now;
  }

  /** All of it while there is room; else what belongs to whole lines, or ends the line that was begun, unless that seems to have no end. */
  #lengthOfKept(piece: Buffer): number {
    if (piece.length <= this.#left) return piece.length;
    const whole = this.#left < 1 ? 0 : piece.lastIndexOf(lineFeed, Math.floor(this.#left) - 1) + 1;
    if (whole > 0 || this.#begunBytes === 0) return whole;
    const end = piece.indexOf(lineFeed);
    if (end >= 0) return end + 1;
    return this.#begunBytes > maxLineLength ? 0 : piece.length;
  }

  #charge(kept: Buffer): void {
    if (kept.length === 0) return;
    const ended = kept.lastIndexOf(lineFeed);
    this.#begunBytes = ended < 0 ? this.#begunBytes + kept.length : kept.length - ended - 1;
    this.#left -= kept.length + count(kept, lineFeed) * lineOverheadBytes;
  }

  #endBegun(kept: Buffer): Buffer {
    this.#begunBytes = 0;
    return Buffer.concat([kept, Buffer.of(lineFeed)]);
  }

  #drop(piece: Buffer): void {
    if (piece.length === 0) return;
    const endsLine = piece[piece.length - 1] === lineFeed;
    // A line is counted when it begins.
    const begun = (this.#inDropped ? 0 : 1) + count(piece, lineFeed) - (endsLine ? 1 : 0) + count(piece, separator);
    this.#dropped = { lines: this.#dropped.lines + begun, bytes: this.#dropped.bytes + piece.length };
    this.#inDropped = !endsLine;
  }

  /** Where the first line begins after the one that was dropped. */
  #endDropped(piece: Buffer): number {
    const end = piece.indexOf(lineFeed);
    this.#inDropped = end < 0;
    return end < 0 ? piece.length : end + 1;
  }

  #shut(): void {
    this.#isShut = true;
    this.#cancel = this.#clock.after(floodPauseMs, () => this.#open());
  }

  #open(): void {
    this.#isShut = false;
    if (this.#dropped.lines === 0) return;
    this.#told(this.#dropped);
    this.#dropped = { lines: 0, bytes: 0 };
  }
}

function count(bytes: Buffer, byte: number): number {
  let found = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) found++;
  return found;
}
