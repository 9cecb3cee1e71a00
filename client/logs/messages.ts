import type { LogStart } from '../../runtime/api/log-cursor.ts';
import type { LogLine } from '../../runtime/api/objects.ts';
import type { FilterChoice } from './view/filter.ts';

/** All pods of a model server, or one. */
export interface LogsTarget {
  owner: string;
  name: string;
  pod?: string;
}

/** What the panel lists: a line of a pod, or something that the panel itself has to say between two lines. */
export type Entry = LogLine | Marker;
export interface Marker {
  marker: string;
}

export function isMarker(entry: Entry): entry is Marker {
  return 'marker' in entry;
}

/** What the panel shows, and how: a page that is loaded anew goes on with it. The lines are read again from `start` on. */
export interface PanelState {
  target?: LogsTarget;
  start?: LogStart;
  filter: FilterChoice;
  wraps: boolean;
  showsTimes: boolean;
  /** The position of the line at the top while the reader has scrolled up; absent while it follows. */
  top?: string;
}

/** To the panel. */
export type ToPanel =
  /** The answer to `ready`, before anything else: what was remembered last. */
  | { type: 'restore'; state: PanelState | undefined }
  /** Another log begins, or the same one from where the panel said that it was. */
  | { type: 'begin'; target: LogsTarget; start: LogStart }
  /** What has come since the last such message; each is acknowledged, and the next one waits for that. */
  | { type: 'entries'; entries: Entry[] }
  | { type: 'clear' }
  /** Asks for `shownText`. */
  | { type: 'tellText' };

/** From the panel. */
export type FromPanel =
  /** The page is there. */
  | { type: 'ready' }
  | { type: 'remember'; state: PanelState }
  | { type: 'acknowledge' }
  /** The line of a traceback was clicked; `line` counts from 1. */
  | { type: 'openFile'; path: string; line: number }
  | { type: 'choose' }
  /** All that the filter lets through, as `log-text.ts` writes it. */
  | { type: 'shownText'; text: string };
