import { SpellError } from '../../api/errors.ts';
import { nearNames } from '../../api/near-names.ts';
import type { Command } from '../command.ts';
import { globalOptions } from './global-options.ts';

/** A command that is loaded when it is used, or words that lead to several. */
export type CommandNode = () => Promise<Command>;
export interface CommandGroup {
  summary: string;
  /** What the group's word alone means. */
  byDefault?: string;
  commands: Record<string, CommandNode | CommandGroup>;
}

/** What the words lead to, and what stands behind them. */
export type FoundCommand = { words: string[]; rest: string[] } & ({ node: CommandNode } | { group: CommandGroup });

/**
 * Follows the first words of the command line down the table. Global options may stand anywhere between them.
 * Throws `usage` with what was probably meant for a word that leads nowhere.
 */
export function findCommand(root: CommandGroup, argv: readonly string[]): FoundCommand {
  const words: string[] = [];
  const rest: string[] = [];
  let group = root;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return { words, rest: [...rest, ...argv.slice(at)], group };
    if (word.startsWith('-')) {
      rest.push(word);
      if (takesNext(word) && at + 1 < argv.length) rest.push(argv[++at] ?? '');
      continue;
    }
    const next = Object.hasOwn(group.commands, word) ? group.commands[word] : undefined;
    if (next === undefined) throw unknownCommand(group, [...words, word]);
    words.push(word);
    if (typeof next === 'function') return { words, rest: [...rest, ...argv.slice(at + 1)], node: next };
    group = next;
  }
  const fallback = group.byDefault === undefined || rest.some(isHelp) ? undefined : group.commands[group.byDefault];
  if (typeof fallback === 'function') return { words: [...words, group.byDefault ?? ''], rest, node: fallback };
  return { words, rest, group };
}

/** Whether the word after an option is its value, as far as the options that stand before a command are known. */
function takesNext(word: string): boolean {
  if (word.startsWith('--')) return globalOptions[word.slice(2)]?.kind === 'value';
  return Object.values(globalOptions).some(({ short, kind }) => kind === 'value' && word === `-${short}`);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function unknownCommand(group: CommandGroup, words: string[]): SpellError {
  const [near] = nearNames(words.at(-1) ?? '', Object.keys(group.commands));
  const before = words.slice(0, -1);
  const known = ['spell', ...before].join(' ');
  return new SpellError(
    'usage',
    `there is no command \`spell ${words.join(' ')}\``,
    near === undefined ? `\`${known} --help\` lists what there is` : `did you mean \`${known} ${near}\`?`,
  );
}
