import type { Edit } from '../rules/rule.ts';

/** A text after edits that do not overlap. Insertions at one place keep their order. Throws for edits that overlap, or lie outside the text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { span, text: inserted } of sorted) {
    if (span.from < at) throw new Error(`edits overlap at ${span.from}`);
    if (span.to > text.length) throw new Error(`an edit ends at ${span.to}, beyond the text's ${text.length}`);
    result += text.slice(at, span.from) + inserted;
    at = span.to;
  }
  return result + text.slice(at);
}
