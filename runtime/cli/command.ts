import type { Context } from './context.ts';

/** What stands behind a command's words, in order. */
export interface Argument {
  /** One line for the help. */
  doc: string;
  /** As the usage line shows it; by default the name in capitals. */
  show?: string;
  /** May be left out. */
  optional?: true;
  /** Takes all that is left; only for the last one. */
  repeat?: true;
  /** Takes what is left as it stands, options too: a command to run. Options of ours stand before it; `--` may. */
  verbatim?: true;
}

/** `switch` has no value, `value` has one, `list` may be given several times. */
export interface Option {
  kind: 'switch' | 'value' | 'list';
  short?: string;
  /** The placeholder in the help. */
  value?: string;
  doc: string;
}

export type Arguments = Record<string, Argument>;
export type Options = Record<string, Option>;

type ArgumentValue<A extends Argument> = A['repeat'] extends true ? string[] : A['optional'] extends true ? string | undefined : string;
type OptionValue<O extends Option> = O['kind'] extends 'switch'
  ? boolean
  : O['kind'] extends 'list'
    ? string[] | undefined
    : string | undefined;

/** What a command was called with, by the names of its arguments and options. A switch that was not given is false. */
export type Input<A extends Arguments, O extends Options> = { [K in keyof A]: ArgumentValue<A[K]> } & { [K in keyof O]: OptionValue<O[K]> };

/** A command as data. */
export interface CommandDefinition<A extends Arguments, O extends Options> {
  /** All its words: `server list`. */
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** More for its own help: what is not evident from the rest. */
  details?: string;
  arguments?: A;
  options?: O;
  /** Lines a person could type, without `$`. */
  example: string;
  /** What `--output` may be, the first without it, where that is not `table` or `json`. */
  outputs?: readonly [string, ...string[]];
  /** Takes any arguments and options: a command that only says why it cannot be used. */
  takesAnything?: true;
  /** Throws a `SpellError`, whose code decides the exit status; a number is the exit status of a run that did what it should. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands have nothing to say of their status
  run(context: Context, input: Input<A, O>): Promise<number | void>;
}

/** A command whose inputs' types are forgotten: what the table of commands and the parser work with. */
export type Command = CommandDefinition<Arguments, Options>;

/** Defines a command; the types of what `run` gets follow from the arguments and options. */
// biome-ignore lint/complexity/noBannedTypes: the type of a command without arguments or options is the empty object's
export function command<const A extends Arguments = {}, const O extends Options = {}>(definition: CommandDefinition<A, O>): Command {
  return definition as unknown as Command;
}
