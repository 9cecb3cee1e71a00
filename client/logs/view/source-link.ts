/** A place in a file that a traceback names, and where in the line that stands. */
export interface SourceLink {
  start: number;
  end: number;
  path: string;
  /** Counted from 1. */
  line: number;
}

/** `File "/a/predictor.py", line 12`, as Python writes it; undefined for other lines. */
export function findSourceLink(text: string): SourceLink | undefined {
  const found = /\bFile "([^"<>]+)", line (\d{1,9})/.exec(text);
  if (!found) return undefined;
  const [{ length }, path = '', line] = found;
  return { start: found.index, end: found.index + length, path, line: Number(line) };
}
