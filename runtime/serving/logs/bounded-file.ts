import { appendFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';

/** Size at which a file becomes `FILE.1` (the former `FILE.1` is gone then) and a new one begins. */
export const maxFileBytes = 8 * 2 ** 20;

/** Text that may wait for a slow disk; what comes beyond is counted and dropped. */
const maxPendingLength = 2 * 2 ** 20;

/** How long lines are collected before they are written together. */
export const collectMs = 50;

/**
 * A file of lines that grows at its end and stays bounded. Adding a line never waits: lines are collected and written by
 * one asynchronous write at a time.
 */
export class BoundedFile {
  readonly path: string;
  readonly #clock: Clock;
  /** Makes the line that says how many were dropped. */
  readonly #dropped: (count: number) => string;
  #pending = '';
  #pendingLines = 0;
  #dropCount = 0;
  #file: FileHandle | null = null;
  #size = 0;
  #writing: Promise<void> | null = null;
  #scheduled = false;

  constructor(path: string, clock: Clock, dropped: (count: number) => string) {
    this.path = path;
    this.#clock = clock;
    this.#dropped = dropped;
  }

  /** Adds one line; it must not contain a line feed. */
  append(line: string): void {
    if (this.#pending.length + line.length > maxPendingLength) {
      this.#dropCount++;
      return;
    }
    this.#pending += `${line}\n`;
    this.#pendingLines++;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(collectMs, () => {
      this.#scheduled = false;
      void this.flush();
    });
  }

  /** Writes what waits. Resolves when it is in the file; a disk that refuses costs lines, never more. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#pending === '') return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  /** Writes what waits at once, for a process that is about to die. */
  flushSync(): void {
    const text = this.#pending;
    this.#pending = '';
    try {
      appendFileSync(this.path, text);
    } catch {
      // There is nowhere else to say it.
    }
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close().catch(() => {});
    this.#file = null;
  }

  async #write(): Promise<void> {
    if (this.#dropCount > 0) this.#pending += `${this.#dropped(this.#dropCount)}\n`;
    this.#dropCount = 0;
    const lines = this.#pendingLines;
    this.#pendingLines = 0;
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    try {
      if (this.#file && this.#size + bytes.length > maxFileBytes) {
        await this.#file.close();
        this.#file = null;
        await rename(this.path, `${this.path}.1`);
      }
      if (!this.#file) {
        await mkdir(dirname(this.path), { recursive: true });
        this.#file = await open(this.path, 'a', 0o600);
        this.#size = (await this.#file.stat()).size;
      }
      await this.#file.appendFile(bytes);
      this.#size += bytes.length;
    } catch {
      // A full or vanished disk must not stop predictions. What it took of a line is taken back, and it is said once it takes lines again.
      this.#dropCount += lines;
      await this.#file?.truncate(this.#size).catch(() => {});
    }
  }
}
