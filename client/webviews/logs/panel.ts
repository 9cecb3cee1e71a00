import type { LogStart } from '../../../runtime/api/log-cursor.ts';
import { positionBefore } from '../../../runtime/api/log-position.ts';
import { logText } from '../../logs/log-text.ts';
import { type Entry, isMarker, type LogsTarget, type PanelState, type ToPanel } from '../../logs/messages.ts';
import { EntryRing } from '../../logs/view/entry-ring.ts';
import { makeFilter, noFilter } from '../../logs/view/filter.ts';
import { element } from './elements.ts';
import { fill, host, strings } from './host.ts';
import { LogList } from './list.ts';
import { type Look, Toolbar } from './toolbar.ts';

/** Older lines are dropped. */
const capacity = 100_000;

/** How long changes of what is remembered are gathered. */
const rememberAfterMs = 300;

/** The name of the measures of what a frame costs us; whoever wants them observes them. */
const frameMeasure = 'spell.logs.frame';

/** The log panel: the ring of lines, the list that shows them, and the bars around it. */
export class LogPanel {
  readonly #toolbar: Toolbar;
  readonly #list: LogList;
  readonly #notice = element('div', 'notice', { role: 'status', hidden: '' });
  readonly #toEnd = element('button', 'to-end', { hidden: '' });
  readonly #empty = element('div', 'empty');
  readonly #pods = new Set<string>();
  #ring = new EntryRing(capacity);
  #look: Look;
  #filter = makeFilter(noFilter);
  #target: LogsTarget | undefined;
  #start: LogStart = {};
  /** Where the reader was before the reload, until that line has come. */
  #top: string | undefined;
  #match: number | undefined;
  /** The ring's end when the reader stopped following. */
  #pausedAt = 0;
  #frame = 0;
  #remembering: ReturnType<typeof setTimeout> | undefined;
  #remembered = '';

  constructor(body: HTMLElement, state: PanelState = { filter: noFilter, wraps: true, showsTimes: true }) {
    const { target, start, top, ...look } = state;
    this.#look = look;
    this.#target = target;
    this.#start = start ?? {};
    this.#top = top;
    this.#filter = makeFilter(look.filter);
    const scroller = element('div', 'list', { role: 'log', tabindex: '0', 'aria-label': strings.lines, 'aria-live': 'off' });
    this.#toolbar = new Toolbar(look, { changed: (changed) => this.#changed(changed), go: (step) => this.#go(step) });
    const frame = element('div', 'frame');
    frame.append(scroller, this.#empty, this.#toEnd);
    body.append(this.#toolbar.element, this.#notice, frame);
    this.#list = new LogList(scroller, () => this.#ring, { ...look, filter: this.#filter });
    this.#list.rebuild();
    this.#list.onFollow = (isFollowing) => {
      this.#pausedAt = this.#ring.end;
      if (isFollowing) this.#match = undefined;
      this.#draw();
      this.#remember();
    };
    scroller.addEventListener('click', (event) => this.#clicked(event));
    this.#toEnd.addEventListener('click', () => this.#list.followEnd());
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#draw();
  }

  /** Shows what the extension sends from now on. */
  listen(): void {
    window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => this.#hear(data));
  }

  #hear(message: ToPanel): void {
    switch (message.type) {
      case 'begin':
        this.#begin(message.target, message.start);
        break;
      case 'entries':
        this.#take(message.entries);
        break;
      case 'clear':
        this.#clear();
        break;
      case 'tellText':
        host.postMessage({ type: 'shownText', text: this.#shownText() });
    }
  }

  #begin(target: LogsTarget, start: LogStart): void {
    const isSame = JSON.stringify(target) === JSON.stringify(this.#target);
    if (!isSame) this.#top = undefined;
    this.#target = target;
    this.#start = start;
    this.#toolbar.showTarget(target);
    this.#empties();
    if (this.#top === undefined) this.#list.followEnd();
    this.#remember();
  }

  #clear(): void {
    const last = this.#ring.get(this.#ring.end - 1);
    if (last && !isMarker(last)) this.#start = { since: last.position };
    else this.#start = { since: new Date().toISOString() };
    this.#empties();
    this.#list.followEnd();
    this.#remember();
  }

  #empties(): void {
    this.#ring = new EntryRing(capacity);
    this.#pods.clear();
    this.#match = undefined;
    this.#list.rebuild();
    this.#draw();
  }

  #take(entries: Entry[]): void {
    const known = this.#pods.size;
    for (const entry of entries) {
      this.#ring.push(entry);
      if (!isMarker(entry)) this.#pods.add(entry.pod);
    }
    if (this.#pods.size !== known) this.#toolbar.showPods([...this.#pods].sort());
    // Taken is enough: however many messages come before the next frame, they are drawn together, and the ring is bounded.
    host.postMessage({ type: 'acknowledge' });
    this.#frame ||= requestAnimationFrame(() => this.#drawFrame());
  }

  #drawFrame(): void {
    const start = performance.now();
    this.#frame = 0;
    this.#list.update();
    this.#returnToTop();
    this.#draw();
    performance.measure(frameMeasure, { start });
    // Observers have it by now; kept, they would be a leak.
    performance.clearMeasures(frameMeasure);
    this.#remember();
  }

  /** After a reload: the line that was at the top is there again. */
  #returnToTop(): void {
    if (this.#top === undefined) return;
    for (let number = this.#ring.first; number < this.#ring.end; number++) {
      const entry = this.#ring.get(number);
      if (!entry || isMarker(entry) || entry.position < this.#top) continue;
      this.#top = undefined;
      this.#list.revealAtTop(number);
      return;
    }
  }

  #draw(): void {
    const { rows, matches, isFollowing } = this.#list;
    const dropped = this.#ring.first;
    this.#notice.hidden = dropped === 0;
    if (dropped > 0) this.#notice.textContent = fill(strings.dropped, dropped, capacity);
    const at = this.#match === undefined ? undefined : matches.rowOf(this.#match);
    this.#toolbar.showMatches(this.#filter.isSearching, matches.length, at, this.#filter.error);
    this.#toEnd.hidden = isFollowing;
    const fresh = this.#ring.end - this.#pausedAt;
    this.#toEnd.textContent = fresh > 0 ? fill(strings.followNew, fresh) : strings.follow;
    this.#empty.hidden = rows.length > 0;
    if (rows.length === 0) this.#drawEmpty();
  }

  #drawEmpty(): void {
    if (this.#target) {
      this.#empty.textContent = this.#ring.end > this.#ring.first ? strings.filteredOut : strings.nothing;
      return;
    }
    if (this.#empty.querySelector('button')) return;
    const button = element('button', 'choose', { text: strings.choose });
    button.addEventListener('click', () => host.postMessage({ type: 'choose' }));
    this.#empty.replaceChildren(element('p', '', { text: strings.chooseWhy }), button);
  }

  #changed(look: Look): void {
    this.#look = look;
    this.#filter = makeFilter(look.filter);
    this.#match = undefined;
    this.#list.rebuild({ ...look, filter: this.#filter });
    this.#draw();
    // At once: a page that is hidden has no last word.
    this.#tellState();
  }

  /** To the next match after the current one, or after the line at the top; over the end to the beginning. */
  #go(step: 1 | -1): void {
    const { matches } = this.#list;
    if (matches.length === 0) return;
    const row = matches.rowOf(this.#match ?? this.#list.top ?? 0);
    const next = step === 1 && this.#match === undefined ? row : row + step;
    this.#match = matches.entryOf((next + matches.length) % matches.length);
    if (this.#match !== undefined) this.#list.reveal(this.#match);
    this.#draw();
  }

  #clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('a.source') : null;
    const { path, line } = link?.dataset ?? {};
    if (path === undefined || line === undefined) return;
    event.preventDefault();
    host.postMessage({ type: 'openFile', path, line: Number(line) });
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'f' && (event.ctrlKey || event.metaKey)) this.#toolbar.focusFilter();
    else if (event.key === 'F3') this.#go(event.shiftKey ? -1 : 1);
    else if (event.key === 'End' && !(event.target instanceof HTMLInputElement)) this.#list.followEnd();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #shownText(): string {
    const shown: Entry[] = [];
    for (let number = this.#ring.first; number < this.#ring.end; number++) {
      const entry = this.#ring.get(number);
      if (entry && this.#filter.judge(entry) !== 'hidden') shown.push(entry);
    }
    return shown.map((entry) => (isMarker(entry) ? `— ${entry.marker} —\n` : logText([entry]))).join('');
  }

  #remember(): void {
    this.#remembering ??= setTimeout(() => this.#tellState(), rememberAfterMs);
  }

  #tellState(): void {
    clearTimeout(this.#remembering);
    this.#remembering = undefined;
    const top = this.#list.isFollowing ? undefined : (this.#top ?? this.#positionOf(this.#list.top));
    const start = this.#firstPosition() ?? this.#start;
    const target = this.#target;
    const state = { ...this.#look, ...(target ? { target } : {}), start, ...(top === undefined ? {} : { top }) };
    const text = JSON.stringify(state);
    if (text === this.#remembered) return;
    this.#remembered = text;
    host.postMessage({ type: 'remember', state });
  }

  /** What is shown begins with the oldest line that is kept. */
  #firstPosition(): LogStart | undefined {
    for (let number = this.#ring.first; number < this.#ring.end; number++) {
      const position = this.#positionOf(number);
      if (position !== undefined) return { since: positionBefore(position) };
    }
    return undefined;
  }

  #positionOf(number: number | undefined): string | undefined {
    const entry = number === undefined ? undefined : this.#ring.get(number);
    return entry && !isMarker(entry) ? entry.position : undefined;
  }
}
