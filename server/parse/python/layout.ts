import type { Span } from '../text/span.ts';

/** What a first look at a text finds, without understanding it. */
export interface Layout {
  /** Top-level statements with what follows them up to the next one. They cover the text, save a byte order mark. */
  readonly chunks: readonly Span[];
  /** Comments, without their line's end. */
  readonly comments: readonly Span[];
  /** Strings that no quote ends and brackets that nothing closes. */
  readonly broken: readonly Span[];
}

const tab = 9;
const newline = 10;
const formFeed = 12;
const carriageReturn = 13;
const space = 32;
const hash = 35;
const at = 64;
const backslash = 92;

/** Statements that belong to the one before them. */
const continuation = /(?:else|elif|except|finally)\b/y;
const definition = /(?:def|class|async\s+def)\s+\w/y;
/** Lines that cannot stand inside brackets, so that a bracket still open before them was forgotten. */
const cannotContinue =
  /(?:def\s+\w+\s*[([]|class\s+\w+\s*[(:[]|async\s+def\s+\w|import\s+\w|from\s+[\w.]+\s+import\b|@\w[\w.]*\s*(?:\(|$))/my;

/**
 * Cuts a text into top-level statements by quotes, brackets and columns alone. Parsing each by itself keeps a mistake
 * in one of them out of the others, and what was not edited need not be parsed again.
 */
export function layoutOf(text: string): Layout {
  const chunks: Span[] = [];
  const comments: Span[] = [];
  const broken: Span[] = [];
  const open: number[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let pos = start;
  let afterDecorator = false;
  let seenStatement = false;

  const matches = (pattern: RegExp): boolean => {
    pattern.lastIndex = pos;
    return pattern.test(text);
  };
  const beginStatement = (): void => {
    if (open.length > 0) {
      if (!matches(cannotContinue)) return;
      for (const bracket of open) broken.push({ from: bracket, to: bracket + 1 });
      open.length = 0;
      afterDecorator = false;
    }
    const joins = (afterDecorator && (text.charCodeAt(pos) === at || matches(definition))) || (seenStatement && matches(continuation));
    if (!joins && pos > start && seenStatement) {
      chunks.push({ from: start, to: pos });
      start = pos;
    }
    seenStatement = true;
    afterDecorator = text.charCodeAt(pos) === at;
  };

  let lineStart = true;
  while (pos < text.length) {
    const code = text.charCodeAt(pos);
    if (lineStart) {
      lineStart = false;
      const blank =
        code === space ||
        code === tab ||
        code === newline ||
        code === carriageReturn ||
        code === hash ||
        code === formFeed ||
        code === 41 ||
        code === 93 ||
        code === 125;
      if (!blank) beginStatement();
    }
    switch (code) {
      case newline:
      case carriageReturn:
        lineStart = true;
        pos++;
        break;
      case backslash:
        // A joined line's beginning is not a statement's.
        pos += text.charCodeAt(pos + 1) === carriageReturn && text.charCodeAt(pos + 2) === newline ? 3 : 2;
        break;
      case hash: {
        const from = pos;
        while (pos < text.length && text.charCodeAt(pos) !== newline && text.charCodeAt(pos) !== carriageReturn) pos++;
        comments.push({ from, to: pos });
        break;
      }
      case 34:
      case 39: {
        const end = stringEnd(text, pos, code);
        if (end.closed === false) broken.push({ from: pos, to: end.to });
        pos = end.to;
        break;
      }
      case 40:
      case 91:
      case 123:
        open.push(pos++);
        break;
      case 41:
      case 93:
      case 125:
        open.pop();
        pos++;
        break;
      default:
        pos++;
    }
  }
  for (const bracket of open) broken.push({ from: bracket, to: bracket + 1 });
  const end = Math.min(pos, text.length);
  if (end > start || chunks.length === 0) chunks.push({ from: start, to: Math.max(end, text.length) });
  return { chunks, comments, broken };
}

/** Where the string that begins with the quote at `pos` ends. A backslash takes the next character with it, also in raw strings. */
function stringEnd(text: string, pos: number, quote: number): { to: number; closed: boolean } {
  const long = text.charCodeAt(pos + 1) === quote && text.charCodeAt(pos + 2) === quote;
  for (let i = pos + (long ? 3 : 1); i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) {
      if (text.charCodeAt(i + 1) === carriageReturn && text.charCodeAt(i + 2) === newline) i++;
      i++;
    } else if (long) {
      if (code === quote && text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) return { to: i + 3, closed: true };
    } else if (code === quote) {
      return { to: i + 1, closed: true };
    } else if (code === newline || code === carriageReturn) {
      return { to: i, closed: false };
    }
  }
  return { to: text.length, closed: false };
}
