/**
 * How a worker marks a line that it prints, so that the log can say which request it belongs to:
 *
 *     U+001E requestId U+001F level U+001F text
 *
 * Either may be empty. Lines without the mark are raw: C libraries and child processes write them.
 */
export interface WorkerLine {
  requestId: string | null;
  level: string | null;
  text: string;
}

const record = '\u001e';
const unit = '\u001f';

/** Reads one line, without its line feed. */
export function parseWorkerLine(line: string): WorkerLine {
  if (!line.startsWith(record)) return { requestId: null, level: null, text: line };
  const first = line.indexOf(unit);
  const second = first < 0 ? -1 : line.indexOf(unit, first + 1);
  if (second < 0) return { requestId: null, level: null, text: line.slice(1) };
  return { requestId: line.slice(1, first) || null, level: line.slice(first + 1, second) || null, text: line.slice(second + 1) };
}
