import { appendFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from '../../api/line-splitter.ts';
import type { RunLogLine } from '../../api/objects.ts';

/** How long a log may get: what comes first goes first, since an error comes last. */
const keptBytes = 64 * 2 ** 20;

type Stream = 'stdout' | 'stderr';

export interface RunLogOptions {
  /** An empty folder, whose owner the caller stays. */
  folder: string;
  now: () => Date;
  /** Only tests set another. */
  keep?: number;
}

/**
 * What a command prints, line by line, in a file of JSON objects ({@link RunLogLine}). Of a progress bar that writes over
 * itself the last state is kept. The file is written in two halves: when the newer one is full, the older one is dropped.
 */
export class RunLog {
  readonly #newer: string;
  readonly #older: string;
  readonly #halfBytes: number;
  readonly #now: () => Date;
  readonly #streams: Record<Stream, { decoder: StringDecoder; splitter: LineSplitter }>;
  #waiting = '';
  #waitingLines = 0;
  #inNewer = { bytes: 0, lines: 0 };
  #linesInOlder = 0;
  #dropped = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Why it could not be written to its end. */
  #failure: Error | undefined;

  constructor({ folder, now, keep = keptBytes }: RunLogOptions) {
    this.#newer = join(folder, 'newer');
    this.#older = join(folder, 'older');
    this.#halfBytes = keep / 2;
    this.#now = now;
    this.#streams = { stdout: this.#stream('stdout'), stderr: this.#stream('stderr') };
  }

  /** Takes what came. Resolves when it is written: a command that prints faster than the disk is has to wait. */
  add(stream: Stream, bytes: Buffer): Promise<void> {
    const { decoder, splitter } = this.#streams[stream];
    splitter.push(decoder.write(bytes));
    return this.#flush();
  }

  /** Nothing comes any more. Returns the file, which says where lines are missing. Throws when there is no room even for that. */
  async end(): Promise<string> {
    for (const { decoder, splitter } of Object.values(this.#streams)) {
      splitter.push(decoder.end());
      splitter.end();
    }
    await this.#flush();
    const whole = `${this.#newer}.whole`;
    await writeFile(whole, this.#dropped > 0 ? this.#toLine('lifecycle', `${this.#dropped} older lines were not kept`) : '');
    for (const part of [this.#older, this.#newer]) await appendTo(whole, part);
    if (this.#failure)
      await appendFile(whole, this.#toLine('lifecycle', `the log could not be kept any further: ${this.#failure.message}`));
    return whole;
  }

  #stream(stream: Stream): { decoder: StringDecoder; splitter: LineSplitter } {
    const splitter = new LineSplitter((line) => {
      this.#waiting += this.#toLine(stream, line.slice(line.lastIndexOf('\r') + 1));
      this.#waitingLines += 1;
    });
    return { decoder: new StringDecoder('utf8'), splitter };
  }

  #toLine(stream: RunLogLine['stream'], text: string): string {
    return `${JSON.stringify({ time: this.#now().toISOString(), stream, text } satisfies RunLogLine)}\n`;
  }

  #flush(): Promise<void> {
    // A command is not to end because its log has no room.
    this.#writing = this.#writing
      .then(() => (this.#failure ? undefined : this.#write()))
      .catch((error: Error) => {
        this.#failure = error;
      });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const [text, lines] = [this.#waiting, this.#waitingLines];
    [this.#waiting, this.#waitingLines] = ['', 0];
    if (this.#inNewer.bytes >= this.#halfBytes) {
      await rename(this.#newer, this.#older);
      this.#dropped += this.#linesInOlder;
      this.#linesInOlder = this.#inNewer.lines;
      this.#inNewer = { bytes: 0, lines: 0 };
    }
    await appendFile(this.#newer, text);
    this.#inNewer.bytes += Buffer.byteLength(text);
    this.#inNewer.lines += lines;
  }
}

/** Moves the content of a file, if there is one, to the end of another. */
async function appendTo(target: string, source: string): Promise<void> {
  const handle = await open(source).catch(() => undefined);
  if (!handle) return;
  try {
    await appendFile(target, handle.createReadStream({ autoClose: false }));
  } finally {
    await handle.close();
  }
  await rm(source);
}
