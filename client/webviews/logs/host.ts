import type { LogStart } from '../../../runtime/api/log-cursor.ts';
import type { FromPanel, LogsTarget } from '../../logs/messages.ts';
import type { PanelStrings } from '../../logs/strings.ts';
import type { FilterChoice } from '../../logs/view/filter.ts';

/** What the panel remembers while it is hidden, and over a reload of the window. Lines are read again from `start` on. */
export interface PanelState {
  target?: LogsTarget;
  start?: LogStart;
  filter: FilterChoice;
  wraps: boolean;
  showsTimes: boolean;
  /** The position of the line at the top while the reader has scrolled up; absent while it follows. */
  top?: string | undefined;
}

interface EditorApi {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The extension host, on the other side. */
export const host: EditorApi = acquireVsCodeApi();

export const strings: PanelStrings = JSON.parse(document.body.dataset.strings ?? '{}') as PanelStrings;

/** A text with its `{0}`, `{1}` … filled in; numbers as the reader's language writes them. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, at: string) => {
    const value = values[Number(at)];
    return typeof value === 'number' ? value.toLocaleString() : String(value);
  });
}
