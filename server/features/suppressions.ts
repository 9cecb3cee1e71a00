import type { PythonFile } from '../parse/python/file.ts';
import type { Lines } from '../parse/text/lines.ts';
import type { Span } from '../parse/text/span.ts';

/** A comment `# spell: ignore[code, code]`, or `# spell: ignore` for all codes, at the end of a line. */
export interface Suppression {
  readonly line: number;
  /** The comment. */
  readonly span: Span;
  /** Empty for all. */
  readonly codes: readonly { readonly code: string; readonly span: Span }[];
}

const pattern = /#\s*spell:\s*ignore(?:\[([^\]\n]*)\])?/g;

/** The suppressions of a Python file: only in comments, not in texts that look like one. */
export function suppressionsOf(file: PythonFile): Suppression[] {
  return file.comments.flatMap((comment) => inComment(file.text, file.lines, comment));
}

/** The suppressions of a YAML text. */
export function yamlSuppressions(text: string, lines: Lines): Suppression[] {
  if (!text.includes('spell:')) return [];
  return Array.from({ length: lines.count }, (_, line) => {
    const from = lines.start(line);
    const hash = /(?:^|\s)(#.*)$/.exec(text.slice(from, lines.end(line)))?.[1];
    const to = lines.end(line);
    return hash === undefined ? [] : inComment(text, lines, { from: to - hash.length, to });
  }).flat();
}

function inComment(text: string, lines: Lines, comment: Span): Suppression[] {
  return [...text.slice(comment.from, comment.to).matchAll(pattern)].map((match): Suppression => {
    const from = comment.from + match.index;
    const list = match[1] ?? '';
    const listFrom = from + match[0].indexOf('[') + 1;
    const codes = [...list.matchAll(/[^,\s]+/g)].map((code) => ({
      code: code[0],
      span: { from: listFrom + code.index, to: listFrom + code.index + code[0].length },
    }));
    return { line: lines.lineAt(from), span: { from, to: from + match[0].length }, codes };
  });
}

/** The line where something ends, without the line breaks that block values of YAML count in. */
export function lastLine(text: string, lines: Lines, span: Span): number {
  let { to } = span;
  while (to > span.from && /\s/.test(text[to - 1] ?? '')) to--;
  return lines.lineAt(to);
}

/** Whether a suppression silences a code. */
export function silences(suppression: Suppression, code: string): boolean {
  return suppression.codes.length === 0 || suppression.codes.some((each) => each.code === code);
}
