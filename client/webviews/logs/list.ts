import { isMarker } from '../../logs/messages.ts';
import type { EntryRing } from '../../logs/view/entry-ring.ts';
import type { Filter } from '../../logs/view/filter.ts';
import { plainText } from '../../logs/view/plain-text.ts';
import { RowList } from '../../logs/view/row-list.ts';
import { makeRow, prefixLength } from './row.ts';

/** Rows above and below what is to be seen that are there already when somebody scrolls. */
const overscan = 8;

export interface ListOptions {
  filter: Filter;
  wraps: boolean;
  showsTimes: boolean;
}

/**
 * Shows the entries that the filter lets through. Only rows that can be seen are in the document; while it follows, the end is
 * seen, and it stops following when the reader scrolls up, until the end is reached again.
 */
export class LogList {
  readonly rows = new RowList();
  /** The entries in which the filter finds its text, in order; rows without a height. */
  readonly matches = new RowList();
  readonly #scroller: HTMLElement;
  readonly #sizer: HTMLElement;
  readonly #ringNow: () => EntryRing;
  readonly #shown = new Map<number, HTMLElement>();
  readonly #metrics: Metrics;
  #options: ListOptions;
  #isFollowing = true;
  /** Where the list has put the scroll bar itself: any other place is the reader's. */
  #putAt = 0;
  /** Entries before this one have been looked at by the filter. */
  #taken = 0;
  #current: number | undefined;

  /** Called when it stops or goes on following. */
  onFollow: (isFollowing: boolean) => void = () => {};

  constructor(scroller: HTMLElement, ring: () => EntryRing, options: ListOptions) {
    this.#scroller = scroller;
    this.#sizer = document.createElement('div');
    this.#sizer.className = 'sizer';
    scroller.append(this.#sizer);
    this.#ringNow = ring;
    this.#options = options;
    this.#metrics = new Metrics(scroller);
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(scroller);
    document.addEventListener('selectionchange', () => {
      // What somebody is about to copy must not run away.
      const selection = document.getSelection();
      if (selection && !selection.isCollapsed && scroller.contains(selection.anchorNode)) this.#follow(false);
    });
  }

  get #ring(): EntryRing {
    return this.#ringNow();
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** The number of the first entry that can be seen. */
  get top(): number | undefined {
    return this.rows.entryOf(this.rows.rowAt(this.#scroller.scrollTop / this.#metrics.lineHeight));
  }

  /** Goes to the end and stays there. */
  followEnd(): void {
    this.#follow(true);
    this.#endMovement();
    this.update();
  }

  /** Shows an entry in the middle, and marks it. */
  reveal(entry: number): void {
    this.#follow(false);
    this.#current = entry;
    const middle = this.rows.offsetOf(this.rows.rowOf(entry)) * this.#metrics.lineHeight - this.#scroller.clientHeight / 2;
    this.#endMovement();
    this.#put(Math.max(0, middle));
    this.#paint();
  }

  /** Shows an entry at the top. */
  revealAtTop(entry: number): void {
    this.#follow(false);
    this.#endMovement();
    this.#put(this.rows.offsetOf(this.rows.rowOf(entry)) * this.#metrics.lineHeight);
    this.#paint();
  }

  /** The ring was emptied, the filter or the look changed: everything is looked at anew. What was at the top stays there. */
  rebuild(options: ListOptions = this.#options): void {
    const top = this.top;
    this.#options = options;
    this.#scroller.classList.toggle('wraps', options.wraps);
    this.#scroller.classList.toggle('without-times', !options.showsTimes);
    for (const row of this.#shown.values()) row.remove();
    this.#shown.clear();
    this.rows.clear();
    this.matches.clear();
    this.#taken = this.#ring.first;
    this.#takeNew();
    if (!this.#isFollowing && top !== undefined) this.#put(this.rows.offsetOf(this.rows.rowOf(top)) * this.#metrics.lineHeight);
    this.update();
  }

  /** Takes in what has come into the ring, and leaves out what it has dropped. */
  update(): void {
    this.#takeNew();
    this.matches.dropBefore(this.#ring.first);
    const dropped = this.rows.dropBefore(this.#ring.first);
    const size = this.rows.height * this.#metrics.lineHeight;
    this.#sizer.style.height = `${size}px`;
    if (this.#isFollowing) this.#put(size);
    else if (dropped > 0) this.#put(this.#scroller.scrollTop - dropped * this.#metrics.lineHeight);
    this.#paint();
  }

  #takeNew(): void {
    const { filter } = this.#options;
    for (let number = Math.max(this.#taken, this.#ring.first); number < this.#ring.end; number++) {
      const entry = this.#ring.get(number);
      const verdict = entry ? filter.judge(entry) : 'hidden';
      if (verdict !== 'hidden') this.rows.push(number, this.#estimate(number));
      if (verdict === 'found') this.matches.push(number, 0);
    }
    this.#taken = this.#ring.end;
  }

  /** The height of a row in lines of text, as far as its length tells. */
  #estimate(number: number): number {
    const entry = this.#ring.get(number);
    if (!this.#options.wraps || !entry || isMarker(entry)) return 1;
    const length = prefixLength(entry, this.#options.showsTimes) + plainText(entry.text).length;
    return Math.max(1, Math.ceil(length / this.#metrics.columns));
  }

  /** Puts the rows that can be seen into the document, where they belong. */
  #paint(): void {
    const { lineHeight } = this.#metrics;
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, this.rows.rowAt(scrollTop / lineHeight) - overscan);
    const last = Math.min(this.rows.length - 1, this.rows.rowAt((scrollTop + clientHeight) / lineHeight) + overscan);
    const kept = new Set<number>();
    for (let row = first; row <= last; row++) {
      const number = this.rows.entryOf(row);
      if (number !== undefined) kept.add(number);
    }
    for (const [number, row] of this.#shown) {
      if (kept.has(number)) continue;
      row.remove();
      this.#shown.delete(number);
    }
    for (const number of kept) this.#show(number);
    if (this.#options.wraps && this.#measure(first, last)) {
      this.update();
      return;
    }
    let offset = this.rows.offsetOf(first);
    for (let row = first; row <= last; row++) {
      const shown = this.#shown.get(this.rows.entryOf(row) ?? -1);
      if (shown) shown.style.transform = `translateY(${offset * lineHeight}px)`;
      offset = this.rows.offsetOf(row + 1);
    }
  }

  #show(number: number): void {
    let row = this.#shown.get(number);
    const entry = this.#ring.get(number);
    if (!row && entry) {
      row = makeRow(entry, this.#options.filter);
      this.#shown.set(number, row);
      this.#sizer.append(row);
    }
    row?.classList.toggle('current', number === this.#current);
  }

  /** Corrects the heights of rows that wrap otherwise than their length told. Returns whether any did. */
  #measure(first: number, last: number): boolean {
    let isOther = false;
    for (let row = first; row <= last; row++) {
      const shown = this.#shown.get(this.rows.entryOf(row) ?? -1);
      if (!shown || shown.dataset.measured === this.#metrics.key) continue;
      shown.dataset.measured = this.#metrics.key;
      if (this.rows.setHeight(row, Math.max(1, Math.round(shown.offsetHeight / this.#metrics.lineHeight))) !== 0) isOther = true;
    }
    return isOther;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (scrollTop !== this.#putAt) {
      this.#putAt = scrollTop;
      this.#follow(scrollTop + clientHeight >= scrollHeight - this.#metrics.lineHeight / 2);
    }
    this.#paint();
  }

  #resized(): void {
    const before = this.#metrics.key;
    this.#metrics.measure();
    if (this.#options.wraps && this.#metrics.key !== before) this.rebuild();
    else this.update();
  }

  #follow(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    if (isFollowing) this.#current = undefined;
    this.onFollow(isFollowing);
  }

  /**
   * Ends what a wheel or a key has set moving. The browser moves a list over some frames, also after another place was given to it,
   * and would carry that along; only a smooth scroll takes the place of another, and a place given then ends it.
   */
  #endMovement(): void {
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior: 'smooth' });
  }

  #put(scrollTop: number): void {
    this.#scroller.scrollTop = scrollTop;
    // What the browser made of it: never beyond the end, and in its own fractions.
    this.#putAt = this.#scroller.scrollTop;
  }
}

/** How large letters are, and how many there is room for. */
class Metrics {
  readonly #scroller: HTMLElement;
  lineHeight = 18;
  columns = 80;
  /** Changes when rows may wrap otherwise. */
  key = '';

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
    this.measure();
  }

  measure(): void {
    const probe = document.createElement('div');
    probe.className = 'row probe';
    probe.textContent = '0'.repeat(100);
    this.#scroller.append(probe);
    const { width, height } = probe.getBoundingClientRect();
    const { paddingLeft, paddingRight } = getComputedStyle(probe);
    probe.remove();
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
    if (height > 0) this.lineHeight = height;
    const letter = (width - padding) / 100;
    if (letter > 0) this.columns = Math.max(1, Math.floor((this.#scroller.clientWidth - padding) / letter));
    this.key = `${this.columns}`;
  }
}
