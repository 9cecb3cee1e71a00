import type { FromPanel } from '../../logs/messages.ts';
import type { PanelStrings } from '../../logs/strings.ts';

interface EditorApi {
  postMessage(message: FromPanel): void;
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
