/** The last lines of something, for a report. */
export class RecentLines {
  readonly #lines: string[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > this.#most) this.#lines.shift();
  }

  get all(): readonly string[] {
    return this.#lines;
  }
}
