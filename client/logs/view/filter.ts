import type { LogLine } from '../../../runtime/api/objects.ts';
import { type Entry, isMarker } from '../messages.ts';
import { plainText } from './plain-text.ts';

/** Which lines a reader wants to see. */
export interface FilterChoice {
  /** What the line contains, in any case. */
  text: string;
  /** Whether `text` is a regular expression. */
  isRegex: boolean;
  /** Lines of a lower level are hidden. */
  level: Level;
  /** Only lines of this pod; '' for all. */
  pod: string;
  /** Lines without `text` are hidden; otherwise they are shown, and those with it only marked. */
  hidesOthers: boolean;
}

/** `found`: it is shown, and the text is in it. */
export type Verdict = 'hidden' | 'shown' | 'found';

export type Level = 'all' | 'info' | 'warning' | 'error';

export const noFilter: FilterChoice = { text: '', isRegex: false, level: 'all', pod: '', hidesOthers: true };

export interface Filter {
  /** Why `text` is no regular expression; it then finds nothing, and hides nothing. */
  error: string | undefined;
  /** Whether there is anything to find. */
  isSearching: boolean;
  judge(entry: Entry): Verdict;
  /** Where the text is in a line's plain text: pairs of start and end. */
  found(text: string): [start: number, end: number][];
}

const ranks: Record<Level, number> = { all: 0, info: 1, warning: 2, error: 3 };

/** How severe a line is: by its level; what a program wrote to stderr without one is a warning, other text information. */
export function rankOf({ level, stream }: Pick<LogLine, 'level' | 'stream'>): number {
  if (level === null) return stream === 'stderr' ? ranks.warning : ranks.info;
  if (/^(?:crit|fatal|err)/i.test(level)) return ranks.error;
  if (/^warn/i.test(level)) return ranks.warning;
  return /^(?:debug|trace)/i.test(level) ? ranks.all : ranks.info;
}

/** More of one line is not marked. */
const mostFound = 200;

export function makeFilter({ text, isRegex, level, pod, hidesOthers }: FilterChoice): Filter {
  const { pattern, error } = toPattern(text, isRegex);
  const finds = (text: string): boolean => {
    if (!pattern) return false;
    pattern.lastIndex = 0;
    return pattern.test(plainText(text));
  };
  return {
    error,
    isSearching: pattern !== undefined,
    judge: (entry) => {
      if (isMarker(entry)) return 'shown';
      if ((pod !== '' && entry.pod !== pod) || rankOf(entry) < ranks[level]) return 'hidden';
      if (finds(entry.text)) return 'found';
      return pattern && hidesOthers ? 'hidden' : 'shown';
    },
    found: (plain) => {
      if (!pattern) return [];
      const all = plain.matchAll(pattern).take(mostFound);
      return [...all].flatMap(({ index, 0: { length } }) => (length === 0 ? [] : [[index, index + length] as [number, number]]));
    },
  };
}

function toPattern(text: string, isRegex: boolean): { pattern?: RegExp; error?: string } {
  if (text === '') return {};
  try {
    return { pattern: new RegExp(isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi') };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
