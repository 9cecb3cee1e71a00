/** The tokens of a JSON text: punctuation, strings, and everything else that stands together. */
const token = /[[\]{}:,]|"(?:[^"\\]|\\.)*"|[^\s[\]{}:,"]+/g;

/** What a line may hold before it is broken. */
const lineWidth = 100;
const indent = '  ';

/** A value as it was written: `open` and `close` of a list or an object, each item with its key. */
type Written = string | { open: string; close: string; items: { key?: string; value: Written }[] };

/**
 * A JSON text, indented, its numbers and strings exactly as they came: `1.0` and numbers with more digits than a double has
 * stay what they are. What fits on a line stands on one. Undefined for what is no JSON.
 */
export function prettyJson(text: string): string | undefined {
  return isJson(text) ? print(read(text), '') : undefined;
}

/** A JSON text without the white space between its tokens; any other text as it is. */
export function compactJson(text: string): string {
  return isJson(text) ? (text.match(token) ?? []).join('') : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function read(text: string): Written {
  const tokens = text.match(token) ?? [];
  let at = 0;
  const value = (): Written => {
    const open = tokens[at++] ?? '';
    if (open !== '[' && open !== '{') return open;
    const close = open === '[' ? ']' : '}';
    const items: { key?: string; value: Written }[] = [];
    while (tokens[at] !== close) {
      if (tokens[at] === ',') at++;
      const key = open === '{' ? tokens[at] : undefined;
      if (open === '{') at += 2;
      items.push({ ...(key === undefined ? {} : { key }), value: value() });
    }
    at++;
    return { open, close, items };
  };
  return value();
}

function print(written: Written, margin: string): string {
  if (typeof written === 'string') return written;
  const line = inOneLine(written, lineWidth - margin.length);
  if (line !== undefined) return line;
  const { open, close, items } = written;
  const inner = margin + indent;
  const scalars = items.every(({ key, value }) => key === undefined && typeof value === 'string');
  const rows = scalars
    ? filled(
        items.map(({ value }) => String(value)),
        lineWidth - inner.length,
      )
    : items.map(({ key, value }) => (key === undefined ? '' : `${key}: `) + print(value, inner));
  return `${open}\n${rows.map((row) => inner + row).join(',\n')}\n${margin}${close}`;
}

/** A value on one line; undefined where it is wider than that. */
function inOneLine(written: Written, width: number): string | undefined {
  if (typeof written === 'string') return written.length <= width ? written : undefined;
  const { open, close, items } = written;
  const parts: string[] = [];
  let left = width - 4;
  for (const { key, value } of items) {
    const part = inOneLine(value, left);
    if (part === undefined) return undefined;
    parts.push(key === undefined ? part : `${key}: ${part}`);
    left -= (parts.at(-1)?.length ?? 0) + 2;
    if (left < -2) return undefined;
  }
  const inside = parts.join(', ');
  return open === '{' && parts.length > 0 ? `{ ${inside} }` : open + inside + close;
}

/** Short values side by side, as many as a line holds. */
function filled(values: readonly string[], width: number): string[] {
  const rows: string[] = [];
  for (const value of values) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + value.length + 2 <= width) rows[rows.length - 1] = `${last}, ${value}`;
    else rows.push(value);
  }
  return rows;
}
