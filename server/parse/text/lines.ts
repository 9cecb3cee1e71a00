import type { Position, Range } from 'vscode-languageserver-types';
import type { Span } from './span.ts';

/**
 * Where the lines of a text begin, to turn offsets into LSP positions and back. Lines end as LSP says: at `\n`,
 * `\r\n` or `\r`. Positions count UTF-16 code units, which is what JavaScript strings are made of.
 */
export class Lines {
  readonly text: string;
  readonly #starts: number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = starts;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The offset at which a line begins; beyond the last line the end of the text. */
  start(line: number): number {
    return line < 0 ? 0 : (this.#starts[line] ?? this.text.length);
  }

  /** The offset at which a line's content ends, before its line break. */
  end(line: number): number {
    let end = this.start(line + 1);
    if (line + 1 >= this.count) return this.text.length;
    if (end > 0 && this.text.charCodeAt(end - 1) === 10) end--;
    if (end > this.start(line) && this.text.charCodeAt(end - 1) === 13) end--;
    return end;
  }

  /** The line that holds an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const line = this.lineAt(Math.max(0, Math.min(offset, this.text.length)));
    const end = this.end(line);
    return { line, character: Math.max(0, Math.min(offset, end) - this.start(line)) };
  }

  /** The offset of a position; one beyond its line's end means that end, as LSP demands. */
  offsetAt(position: Position): number {
    if (position.line >= this.count) return this.text.length;
    return Math.max(0, Math.min(this.start(position.line) + Math.max(0, position.character), this.end(position.line)));
  }

  range(span: Span): Range {
    return { start: this.positionAt(span.from), end: this.positionAt(span.to) };
  }

  /** The blank characters at the beginning of the line that holds an offset. */
  indentAt(offset: number): string {
    const start = this.start(this.lineAt(offset));
    return /^[ \t]*/.exec(this.text.slice(start, start + 200))?.[0] ?? '';
  }

  /** The line break that the text uses: that of its first line. */
  get newline(): string {
    return /\r\n|\n|\r/.exec(this.text)?.[0] ?? '\n';
  }
}
