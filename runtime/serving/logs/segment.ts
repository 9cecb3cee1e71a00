import { type FileHandle, open } from 'node:fs/promises';
import { positionAt } from './stored-line.ts';

const blockBytes = 64 * 1024;
const lineFeed = 10;

/** One file of a pod's log, open for reading. It stays readable when the writer renames or replaces it. */
export class Segment {
  /** Equal for the same file, whatever its name is by now. */
  readonly id: bigint;
  readonly #file: FileHandle;
  /** From where {@link read} goes on, in bytes; the start of a line. */
  #offset = 0;
  /** The beginning of a line whose end is not read yet. */
  #rest = Buffer.alloc(0);

  private constructor(file: FileHandle, id: bigint) {
    this.#file = file;
    this.id = id;
  }

  /** Undefined where there is no such file. */
  static async open(path: string): Promise<Segment | undefined> {
    const file = await open(path, 'r').catch(() => undefined);
    return file && new Segment(file, (await file.stat({ bigint: true })).ino);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** The next whole lines, about one block of them; none at the end of what is written. */
  async read(): Promise<string[]> {
    for (;;) {
      const block = Buffer.allocUnsafe(blockBytes);
      const { bytesRead } = await this.#file.read(block, 0, blockBytes, this.#offset);
      if (bytesRead === 0) return [];
      this.#offset += bytesRead;
      const text = Buffer.concat([this.#rest, block.subarray(0, bytesRead)]);
      const end = text.lastIndexOf(lineFeed);
      this.#rest = text.subarray(end + 1);
      if (end >= 0) return text.toString('utf8', 0, end).split('\n');
    }
  }

  /** The positions of its lines and where they begin, in bytes, newest first; read in blocks from its end. */
  async *backwards(): AsyncGenerator<{ position: string; start: number }> {
    let start = Number((await this.#file.stat()).size);
    /** The end of a line whose beginning is not read yet. */
    let rest: Buffer = Buffer.alloc(0);
    while (start > 0) {
      const size = Math.min(blockBytes, start);
      start -= size;
      const block = Buffer.allocUnsafe(size);
      await this.#file.read(block, 0, size, start);
      const text = Buffer.concat([block, rest]);
      let end = text.length;
      while (end > 0) {
        const before = text.lastIndexOf(lineFeed, end - 1);
        if (before < 0 && start > 0) break;
        const position = positionAt(text, before + 1);
        if (position !== undefined) yield { position, start: start + before + 1 };
        end = before;
      }
      rest = text.subarray(0, Math.max(0, end));
    }
  }

  /** Lets {@link read} begin at the first line after `position`. Returns whether that is not the first line of all. */
  async seek(position: string): Promise<boolean> {
    this.#offset = Number((await this.#file.stat()).size);
    for await (const line of this.backwards()) {
      if (line.position <= position) return true;
      this.#offset = line.start;
    }
    this.#offset = 0;
    return false;
  }
}
