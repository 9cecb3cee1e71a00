import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import { SpellError } from '../../api/errors.ts';

/** The three streams of a program, as far as a terminal stands behind them. */
export interface Streams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean; columns?: number };
}

export interface TerminalOptions {
  quiet: boolean;
  /** Forbids colours; without it they are used where a terminal reads. */
  noColor: boolean;
}

export type Style = Parameters<typeof styleText>[0];

/** What people see of a command: results on stdout, everything else on stderr. */
export class Terminal {
  readonly #streams: Streams;
  readonly quiet: boolean;
  readonly #noColor: boolean;

  constructor(streams: Streams, { quiet, noColor }: TerminalOptions) {
    this.#streams = streams;
    this.quiet = quiet;
    this.#noColor = noColor;
  }

  /** A line of the result. */
  print(line: string): void {
    this.#streams.stdout.write(`${line}\n`);
  }

  /** Bytes of the result, as they are. */
  printBytes(bytes: Uint8Array): void {
    this.#streams.stdout.write(bytes);
  }

  /** Bytes of another program, as they are. Resolves when there is room for more. */
  async pass(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    if (!this.#streams[stream].write(bytes)) await once(this.#streams[stream], 'drain');
  }

  /** A line about what happens; not said when quiet. */
  say(line: string): void {
    if (!this.quiet) this.#streams.stderr.write(`${line}\n`);
  }

  /** A line that is said in any case: an error. */
  complain(line: string): void {
    this.#streams.stderr.write(`${line}\n`);
  }

  /** Shows a line in place of the last one shown so, or clears it; only where a terminal can be written over. */
  showTransient(line: string): void {
    if (!this.canRedraw) return;
    const room = (this.#streams.stderr.columns ?? 80) - 1;
    const cut = line.length > room ? `${line.slice(0, room - 1)}…` : line;
    this.#streams.stderr.write(`\r\x1b[K${cut}`);
  }

  /** Clears the screen, for a result that is drawn anew; false where no terminal shows the result. */
  clear(): boolean {
    if (this.#streams.stdout.isTTY !== true) return false;
    this.#streams.stdout.write('\x1b[H\x1b[2J');
    return true;
  }

  get canRedraw(): boolean {
    return !this.quiet && this.#streams.stderr.isTTY === true;
  }

  /** Whether somebody can be asked. */
  get canAsk(): boolean {
    return this.#streams.stdin.isTTY === true && this.#streams.stderr.isTTY === true;
  }

  /** Whether input is typed rather than piped. */
  get isTyped(): boolean {
    return this.#streams.stdin.isTTY === true;
  }

  /** Colours a piece of the result. */
  style(style: Style, text: string): string {
    return this.#colours(this.#streams.stdout) ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Colours a piece of a message. */
  styleMessage(style: Style, text: string): string {
    return this.#colours(this.#streams.stderr) ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Asks a question that is answered yes or no. Throws `needs-answer` (exit status 2) when nobody can be asked. */
  async confirm(question: string): Promise<boolean> {
    if (!this.canAsk)
      throw new SpellError('needs-answer', `this needs an answer: ${question}`, 'run it in a terminal, or answer with --yes');
    this.#streams.stderr.write(`${question} [y/N] `);
    return /^y(es)?$/i.test((await firstLine(this.#streams.stdin)).trim());
  }

  /** All of stdin. */
  async readInput(): Promise<Buffer> {
    const { buffer } = await import('node:stream/consumers');
    return buffer(this.#streams.stdin);
  }

  #colours(stream: { isTTY?: boolean }): boolean {
    return stream.isTTY === true && !this.#noColor;
  }
}

/** What was typed up to the line feed, or up to the end (Ctrl-D). The terminal itself edits the line, and Ctrl-C is a signal as ever. */
async function firstLine(input: Readable): Promise<string> {
  let typed = '';
  for await (const chunk of input) {
    typed += String(chunk);
    if (typed.includes('\n')) break;
  }
  return typed.slice(0, typed.indexOf('\n') + 1 || undefined);
}
