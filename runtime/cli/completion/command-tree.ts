import type { Command, Options } from '../command.ts';
import type { CommandGroup } from '../parsing/find-command.ts';
import { globalOptions } from '../parsing/global-options.ts';

/** One position in a command line: the words so far, and what may come next. */
export interface Completion {
  /** `server serve`; empty at the beginning. */
  words: string;
  /** The next words and what they mean; empty where a command is complete. */
  next: readonly (readonly [string, string])[];
  options: readonly CompletedOption[];
}

export interface CompletedOption {
  name: string;
  short: string | undefined;
  doc: string;
  takesValue: boolean;
}

/** All positions, outermost first. Loads every command. */
export async function completions(group: CommandGroup, words: readonly string[] = []): Promise<Completion[]> {
  const next: [string, string][] = [];
  const below: Completion[] = [];
  for (const [word, node] of Object.entries(group.commands)) {
    const path = [...words, word];
    if (typeof node === 'function') {
      const command = await node();
      next.push([word, command.summary]);
      below.push({ words: path.join(' '), next: [], options: optionsOf(command) });
    } else {
      next.push([word, node.summary]);
      below.push(...(await completions(node, path)));
    }
  }
  return [{ words: words.join(' '), next, options: toCompleted(globalOptions) }, ...below];
}

/** The options whose value is the next word, as they are typed: what a shell must pass over to find the command's words. */
export function globalOptionsWithValue(): string[] {
  return Object.entries(globalOptions).flatMap(([name, { kind, short }]) =>
    kind === 'switch' ? [] : [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
  );
}

function optionsOf({ options = {} }: Command): CompletedOption[] {
  return toCompleted({ ...options, ...globalOptions });
}

function toCompleted(options: Options): CompletedOption[] {
  return Object.entries(options).map(([name, { short, doc, kind }]) => ({ name, short, doc, takesValue: kind !== 'switch' }));
}
