/** A line that is longer is cut into several. */
export const maxLineLength = 64 * 1024;

/** Cuts text that comes in pieces into lines, without their line feeds (`\n` or `\r\n`). */
export class LineSplitter {
  readonly #line: (line: string) => void;
  #rest = '';

  constructor(line: (line: string) => void) {
    this.#line = line;
  }

  push(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#emit(this.#rest + text.slice(from, at));
      this.#rest = '';
      from = at + 1;
    }
    this.#rest += text.slice(from);
    while (this.#rest.length > maxLineLength) {
      this.#line(this.#rest.slice(0, maxLineLength));
      this.#rest = this.#rest.slice(maxLineLength);
    }
  }

  /** The stream ended: what has no line feed is a line too. */
  end(): void {
    if (this.#rest !== '') this.#emit(this.#rest);
    this.#rest = '';
  }

  #emit(line: string): void {
    this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}
