import type { LogsTarget, PanelState } from '../../logs/messages.ts';
import type { FilterChoice, Level } from '../../logs/view/filter.ts';
import { choice, element, toggle } from './elements.ts';
import { fill, strings } from './host.ts';

/** What somebody can set above the list. */
export type Look = Pick<PanelState, 'filter' | 'wraps' | 'showsTimes'>;

export interface ToolbarEvents {
  changed(look: Look): void;
  /** The next match, or the one before. */
  go(step: 1 | -1): void;
}

/** Filter, match navigation and toggles. */
export class Toolbar {
  readonly element: HTMLElement = element('div', 'toolbar', { role: 'toolbar', 'aria-label': strings.toolbar });
  readonly #events: ToolbarEvents;
  #look: Look;
  readonly #target = element('span', 'target');
  readonly #pods = element('select', 'choice', { 'aria-label': strings.pod, title: strings.pod });
  readonly #text = element('input', 'filter', {
    type: 'text',
    placeholder: strings.filterHint,
    'aria-label': strings.filter,
    spellcheck: 'false',
  });
  readonly #count = element('span', 'count', { role: 'status' });
  readonly #steps: HTMLButtonElement[];

  constructor(look: Look, events: ToolbarEvents) {
    this.#look = look;
    this.#events = events;
    const { filter } = look;
    this.#text.value = filter.text;
    this.#text.addEventListener('input', () => this.#choose({ text: this.#text.value }));
    this.#text.addEventListener('keydown', (event) => this.#key(event));
    this.#pods.addEventListener('change', () => this.#choose({ pod: this.#pods.value }));
    this.showPods([]);
    const levels: [Level, string][] = [
      ['all', strings.levelAll],
      ['info', strings.levelInfo],
      ['warning', strings.levelWarning],
      ['error', strings.levelError],
    ];
    this.#steps = [this.#step('↑', strings.previous, -1), this.#step('↓', strings.next, 1)];
    this.element.append(
      this.#target,
      this.#pods,
      choice(strings.level, levels, filter.level, (level) => this.#choose({ level: level as Level })),
      this.#text,
      toggle('.*', strings.regex, filter.isRegex, (isRegex) => this.#choose({ isRegex })),
      toggle(strings.onlyMatchesLabel, strings.onlyMatches, filter.hidesOthers, (hidesOthers) => this.#choose({ hidesOthers })),
      this.#count,
      ...this.#steps,
      element('span', 'space'),
      toggle(strings.times, strings.times, look.showsTimes, (showsTimes) => this.#change({ showsTimes })),
      toggle(strings.wrap, strings.wrap, look.wraps, (wraps) => this.#change({ wraps })),
    );
  }

  /** Whose log it is. */
  showTarget({ owner, name, pod }: LogsTarget): void {
    this.#target.textContent = pod ?? (owner === 'local' ? name : `${owner}/${name}`);
  }

  /** The pods that there are lines of; hidden while there is only one to choose. */
  showPods(pods: string[]): void {
    const { pod } = this.#look.filter;
    const all = pod === '' || pods.includes(pod) ? pods : [...pods, pod];
    this.#pods.replaceChildren(new Option(strings.allPods, ''), ...all.map((each) => new Option(each, each)));
    this.#pods.value = pod;
    this.#pods.hidden = all.length < 2 && pod === '';
  }

  /** `at`: which of the matches is current, from 0. `error`: why the text is no regular expression. */
  showMatches(isSearching: boolean, count: number, at: number | undefined, error: string | undefined): void {
    this.#text.setAttribute('aria-invalid', String(error !== undefined));
    this.#text.title = error ?? strings.filterHint;
    const place = at === undefined ? '–' : at + 1;
    const text = error ?? (!isSearching ? '' : count === 0 ? strings.noMatches : fill(strings.matches, place, count));
    if (this.#count.textContent !== text) this.#count.textContent = text;
    for (const step of this.#steps) step.disabled = count === 0;
  }

  focusFilter(): void {
    this.#text.focus();
    this.#text.select();
  }

  #step(text: string, title: string, step: 1 | -1): HTMLButtonElement {
    const button = element('button', 'step', { text, title, 'aria-label': title });
    button.addEventListener('click', () => this.#events.go(step));
    return button;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#events.go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && this.#text.value !== '') {
      this.#text.value = '';
      this.#choose({ text: '' });
    } else return;
    event.preventDefault();
  }

  #choose(change: Partial<FilterChoice>): void {
    this.#change({ filter: { ...this.#look.filter, ...change } });
  }

  #change(change: Partial<Look>): void {
    this.#look = { ...this.#look, ...change };
    this.#events.changed(this.#look);
  }
}
