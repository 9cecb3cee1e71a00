import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from '../../api/line-splitter.ts';
import type { LogLine } from '../../api/objects.ts';
import { shownSize } from '../../api/shown-size.ts';
import type { Clock } from '../clock.ts';
import { parseWorkerLines, type WorkerLine } from '../wire/log-line.ts';
import { BoundedFile } from './bounded-file.ts';
import { type Dropped, FloodGate, floodBytesPerSecond } from './flood-gate.ts';
import type { Positions } from './positions.ts';
import { storeLine } from './stored-line.ts';

/** Lines kept in memory, to be told when the pod fails. */
const keptLines = 50;

export interface PodLogOptions {
  clock: Clock;
  /** Shared by all pods of a model server. */
  positions: Positions;
  /** Called after each line. */
  added(): void;
}

/** What one pod printed and what became of it: one JSON object a line, in a file of its own. */
export class PodLog {
  readonly file: BoundedFile;
  readonly #pod: string;
  readonly #options: PodLogOptions;
  readonly #last: string[] = [];

  constructor(pod: string, path: string, options: PodLogOptions) {
    this.#pod = pod;
    this.#options = options;
    this.file = new BoundedFile(path, options.clock, (count) =>
      storeLine(this.#ownLine('warning', `${count} lines were dropped: they came faster than the disk takes them`)),
    );
  }

  /** The last lines that its workers printed, oldest first. */
  get lastLines(): string[] {
    return [...this.#last];
  }

  /** Takes everything that a worker prints, to its end. */
  collect(worker: number, source: Readable, stream: 'stdout' | 'stderr'): void {
    const lines = new LineSplitter((read) => {
      for (const line of parseWorkerLines(read)) {
        this.#last.push(line.text);
        if (this.#last.length > keptLines) this.#last.shift();
        this.#add(this.#workersLine(worker, stream, line));
      }
    });
    const gate = new FloodGate(this.#options.clock, (dropped) =>
      this.#add(this.#ownLine('warning', floodSentence(dropped, worker, stream))),
    );
    const decoder = new StringDecoder('utf8');
    const end = (): void => {
      gate.end();
      lines.end();
    };
    source.on('data', (bytes: Buffer) => lines.push(decoder.write(gate.pass(bytes))));
    source.once('close', end);
    source.on('error', end);
  }

  /** Notes a step of the pod's life. */
  lifecycle(text: string): void {
    this.#add(this.#ownLine('info', text));
  }

  #ownLine(level: 'info' | 'warning', text: string): LogLine {
    return { ...this.#place(), pod: this.#pod, worker: null, stream: 'lifecycle', level, requestId: null, text };
  }

  #workersLine(worker: number, stream: 'stdout' | 'stderr', { requestId, batch, level, text }: WorkerLine): LogLine {
    const whose = batch === null ? { requestId } : { requestId, batch };
    return { ...this.#place(), pod: this.#pod, worker, stream, level, ...whose, text };
  }

  #place(): { position: string; time: string } {
    return this.#options.positions.next(this.#options.clock.date());
  }

  #add(line: LogLine): void {
    this.file.append(storeLine(line));
    this.#options.added();
  }
}

function floodSentence({ lines, bytes }: Dropped, worker: number, stream: 'stdout' | 'stderr'): string {
  const what = `${lines} ${lines === 1 ? 'line' : 'lines'} of worker ${worker}'s ${stream} (${shownSize(bytes)})`;
  return `${what} ${lines === 1 ? 'was' : 'were'} dropped: the log takes ${shownSize(floodBytesPerSecond)} a second of it`;
}
