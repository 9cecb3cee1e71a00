import { randomBelow } from '../../runtime/api/testing/random.ts';

/** A generator of choices that a seed repeats. */
export class Random {
  /** A whole number from 0 up to, not including, a bound. */
  readonly below: (bound: number) => number;

  constructor(seed: number) {
    this.below = randomBelow(seed);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}

/** Pieces that people type, and those that hurt a parser most. */
const pieces = [
  ...['(', ')', '[', ']', '{', '}', '"', "'", '"""', "'''", ':', ',', '.', '#', '@', '=', '\\', '\n', '\r\n', '\t', ' ', '    '],
  ...[
    'def f(x):\n',
    'class A(B):\n',
    'return ',
    'if x:\n',
    'else:\n',
    'lambda ',
    'f"{',
    'async ',
    'await ',
    'import ',
    'from a import b\n',
    '@x\n',
    'yield',
  ],
  ...[
    '😀',
    '\u{1F600}\u0301',
    'é',
    '\uFEFF',
    '\0',
    '日本',
    '\u2028',
    'self.',
    'payload',
    '/model/',
    '# spell: ignore[x]',
    'try:\n',
    'with a as b:\n',
    '*',
    '**',
    ': int',
  ],
] as const;

/** One edit as an editor makes them: something typed, deleted or replaced. */
export interface RandomEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** An edit at a random place. */
export function randomEdit(random: Random, text: string): RandomEdit {
  const from = random.below(text.length + 1);
  const deleted = random.below(3) === 0 ? random.below(40) : random.below(4) === 0 ? 1 : 0;
  const typed = deleted > 0 && random.below(2) === 0 ? '' : random.pick(pieces);
  return { from, to: Math.min(text.length, from + deleted), text: typed };
}

/** A text after an edit. */
export function applied(text: string, edit: RandomEdit): string {
  return text.slice(0, edit.from) + edit.text + text.slice(edit.to);
}
