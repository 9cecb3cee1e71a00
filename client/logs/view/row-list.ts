const chunkRows = 512;

/**
 * The rows of a list, in order: which entry each shows, and how many lines of text high it is. Rows are added at the end and
 * dropped at the beginning; sums of heights are kept by chunks, so that a row is found by its offset in a list of 100,000.
 */
export class RowList {
  #entries: number[] = [];
  #heights: number[] = [];
  /** Sums of the heights of rows `c * chunkRows` and following, counted in `#entries`. */
  #chunks: number[] = [];
  /** Rows at the beginning of the arrays that were dropped. */
  #dropped = 0;

  get length(): number {
    return this.#entries.length - this.#dropped;
  }

  /** Of all rows together, in lines of text. */
  get height(): number {
    return this.offsetOf(this.length);
  }

  /** The entry that a row shows; undefined beyond the end. */
  entryOf(row: number): number | undefined {
    return this.#entries[row + this.#dropped];
  }

  clear(): void {
    this.#entries = [];
    this.#heights = [];
    this.#chunks = [];
    this.#dropped = 0;
  }

  push(entry: number, height: number): void {
    const chunk = Math.floor(this.#entries.length / chunkRows);
    this.#chunks[chunk] = (this.#chunks[chunk] ?? 0) + height;
    this.#entries.push(entry);
    this.#heights.push(height);
  }

  /** Drops the rows of entries before this one. Returns the height of what was dropped, in lines of text. */
  dropBefore(entry: number): number {
    let height = 0;
    for (; this.length > 0 && (this.#entries[this.#dropped] ?? 0) < entry; this.#dropped++) {
      const row = this.#heights[this.#dropped] ?? 0;
      height += row;
      this.#addTo(this.#dropped, -row);
      this.#heights[this.#dropped] = 0;
    }
    this.#compact();
    return height;
  }

  /** Corrects the height of a row. Returns by how much. */
  setHeight(row: number, height: number): number {
    const index = row + this.#dropped;
    const change = height - (this.#heights[index] ?? 0);
    this.#heights[index] = height;
    this.#addTo(index, change);
    return change;
  }

  /** Where a row begins, in lines of text from the beginning of the list. */
  offsetOf(row: number): number {
    const index = row + this.#dropped;
    const chunk = Math.floor(index / chunkRows);
    let offset = 0;
    for (let at = 0; at < chunk; at++) offset += this.#chunks[at] ?? 0;
    for (let at = chunk * chunkRows; at < index; at++) offset += this.#heights[at] ?? 0;
    return offset;
  }

  /** The row at an offset, in lines of text; the last one beyond the end, 0 in an empty list. */
  rowAt(offset: number): number {
    let rest = offset;
    let chunk = 0;
    while (chunk < this.#chunks.length - 1 && rest >= (this.#chunks[chunk] ?? 0)) rest -= this.#chunks[chunk++] ?? 0;
    let index = Math.max(this.#dropped, chunk * chunkRows);
    while (index < this.#entries.length - 1 && rest >= (this.#heights[index] ?? 0)) rest -= this.#heights[index++] ?? 0;
    return Math.max(0, index - this.#dropped);
  }

  /** The first row whose entry is not before this one; the length if there is none. */
  rowOf(entry: number): number {
    let [low, high] = [this.#dropped, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] ?? 0) < entry) low = middle + 1;
      else high = middle;
    }
    return low - this.#dropped;
  }

  #addTo(index: number, height: number): void {
    const chunk = Math.floor(index / chunkRows);
    this.#chunks[chunk] = (this.#chunks[chunk] ?? 0) + height;
  }

  /** Whole chunks that were dropped leave the arrays when they are half of them. */
  #compact(): void {
    if (this.#dropped < 2 * chunkRows || this.#dropped < this.#entries.length / 2) return;
    const chunks = Math.floor(this.#dropped / chunkRows);
    this.#chunks.splice(0, chunks);
    this.#entries.splice(0, chunks * chunkRows);
    this.#heights.splice(0, chunks * chunkRows);
    this.#dropped -= chunks * chunkRows;
  }
}
