import type { Span } from '../../text/span.ts';

/** What a string literal says. */
export interface Literal {
  value: string;
  bytes: boolean;
  /** What stands between its quotes, in the literal's own offsets. */
  content: Span;
}

const simple: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** Reads a string literal with its prefix and quotes. The closing quotes may be missing. */
export function readLiteral(text: string): Literal {
  const prefix = /^[A-Za-z]*/.exec(text)?.[0].toLowerCase() ?? '';
  const quote = /^("""|'''|"|')/.exec(text.slice(prefix.length))?.[0] ?? '';
  const from = prefix.length + quote.length;
  const to = quote !== '' && text.length >= from + quote.length && text.endsWith(quote) ? text.length - quote.length : text.length;
  const raw = text.slice(from, to);
  return { value: prefix.includes('r') ? raw : resolveEscapes(raw), bytes: prefix.includes('b'), content: { from, to } };
}

/** Resolves escapes; one that Python does not know stays as it is, as in Python. */
function resolveEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r\n|[\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined) return codePoint(Number.parseInt(code, 16), whole);
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole);
      if (other === '\r\n') return '';
      return simple[other ?? ''] ?? whole;
    },
  );
}

function codePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
