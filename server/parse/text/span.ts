/** A piece of a text: offsets in UTF-16 code units, `to` exclusive, as JavaScript slices and LSP counts. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether a span holds an offset; its two ends count, as a cursor beside a word is still on it. */
export function touches(span: Span, offset: number): boolean {
  return span.from <= offset && offset <= span.to;
}

/** Whether two spans share a character, or touch where one of them is empty. */
export function overlaps(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}
