import type { LogLine } from '../../../runtime/api/objects.ts';
import { type Entry, isMarker } from '../../logs/messages.ts';
import { type Filter, rankOf } from '../../logs/view/filter.ts';
import { plainText } from '../../logs/view/plain-text.ts';
import { findSourceLink } from '../../logs/view/source-link.ts';
import { element } from './elements.ts';
import { fill, strings } from './host.ts';

/** Pods are told apart by as many colours (`page.css`). */
const podColours = 4;

/** One row of the list; its words are those that *Open in Editor* would show. */
export function makeRow(entry: Entry, filter: Filter): HTMLElement {
  if (isMarker(entry)) return element('div', 'row marker', { text: `— ${entry.marker} —` });
  const row = element('div', `row ${kindOf(entry)}`);
  const time = element('span', 'time', { text: `${clockTime(entry.time)} `, title: entry.time });
  const pod = element('span', `pod pod-${hash(entry.pod) % podColours}`, { text: podLabel(entry) });
  const text = element('span', 'text');
  fillText(text, plainText(entry.text), filter);
  row.append(time, pod, '  ', text);
  return row;
}

/** How many characters a row takes without the text of its line. */
export function prefixLength(entry: LogLine, showsTimes: boolean): number {
  return podLabel(entry).length + 2 + (showsTimes ? '00:00:00.000 '.length : 0);
}

function podLabel({ pod, worker }: LogLine): string {
  return worker === null ? pod : `${pod}/${worker}`;
}

/** By the reader's clock. */
function clockTime(time: string): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

function kindOf(line: LogLine): string {
  if (line.stream === 'lifecycle') return line.level === 'warning' ? 'lifecycle warning' : 'lifecycle';
  return ['debug', 'info', 'warning', 'error'][rankOf(line)] ?? 'info';
}

function hash(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) >>> 0;
  return sum;
}

/** The text with what was found marked, and the place of a traceback as a link. */
function fillText(into: HTMLElement, text: string, filter: Filter): void {
  const link = findSourceLink(text);
  if (!link) {
    appendMarked(into, text, filter);
    return;
  }
  const { path, line } = link;
  const label = fill(strings.openFile, path, String(line));
  const anchor = element('a', 'source', { href: '#', title: label, 'data-path': path, 'data-line': String(line) });
  appendMarked(into, text.slice(0, link.start), filter);
  appendMarked(anchor, text.slice(link.start, link.end), filter);
  into.append(anchor);
  appendMarked(into, text.slice(link.end), filter);
}

function appendMarked(into: HTMLElement, text: string, filter: Filter): void {
  let at = 0;
  for (const [start, end] of filter.found(text)) {
    into.append(text.slice(at, start), element('mark', '', { text: text.slice(start, end) }));
    at = end;
  }
  into.append(text.slice(at));
}
