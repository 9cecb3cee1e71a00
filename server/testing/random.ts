/** A generator of numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
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
