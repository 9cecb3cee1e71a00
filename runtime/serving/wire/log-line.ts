/**
 * How a worker marks a line that it prints, so that the log can say which request it belongs to:
 *
 *     U+001E requestId U+001F level U+001F text
 *
 * Either may be empty. Where several requests run together, U+001D and the batch's id stand in the place of the
 * request's. Lines without the mark are raw: C libraries and child processes write them.
 *
 * Lines that belong together (a traceback, a message of several lines) come as one: then the text begins with U+001C, and so does
 * each further line in it.
 */
export interface WorkerLine {
  requestId: string | null;
  batch: string | null;
  level: string | null;
  text: string;
}

export const lineSeparator = '\u001c';
const record = '\u001e';
const group = '\u001d';
const unit = '\u001f';

/** Reads what came up to a line feed, which it has no more: one line, or several that belong together. */
export function parseWorkerLines(read: string): WorkerLine[] {
  const { text, ...mark } = parseWorkerLine(read);
  if (!text.startsWith(lineSeparator)) return [{ ...mark, text }];
  const [, ...lines] = text.split(lineSeparator);
  return lines.map((each) => ({ ...mark, text: each }));
}

function parseWorkerLine(line: string): WorkerLine {
  if (!line.startsWith(record)) return { requestId: null, batch: null, level: null, text: line };
  const first = line.indexOf(unit);
  const second = first < 0 ? -1 : line.indexOf(unit, first + 1);
  if (second < 0) return { requestId: null, batch: null, level: null, text: line.slice(1) };
  const whose = line.slice(1, first);
  const isBatch = whose.startsWith(group);
  return {
    requestId: isBatch ? null : whose || null,
    batch: isBatch ? whose.slice(1) : null,
    level: line.slice(first + 1, second) || null,
    text: line.slice(second + 1),
  };
}
