import { parseArgs } from 'node:util';
import { SpellError } from '../../api/errors.ts';
import { nearNames } from '../../api/near-names.ts';
import type { Argument, Command, Options } from '../command.ts';
import { globalOptions } from './global-options.ts';
import { shownArgument, usageLine } from './help.ts';

/** What was given, by option and argument name. */
export type Values = Record<string, string | string[] | boolean | undefined>;

export interface ParsedInput {
  /** What {@link globalOptions} say. */
  global: Values;
  /** The command's own options and arguments. */
  own: Values;
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/** Reads what stands behind a command's words. Throws `usage`, with what was probably meant. */
export function parseInput(command: Command, argv: readonly string[]): ParsedInput {
  const own = command.options ?? {};
  const known: Options = { ...globalOptions, ...own };
  const { tokens, rest } = cutVerbatim(command, tokensOf(known, argv), argv);
  const values: Values = {};
  for (const token of tokens) if (token.kind === 'option') takeOption(command, known, token, values);
  const positionals = rest ?? tokens.filter((token) => token.kind === 'positional').map(({ value }) => value);
  // Whoever asks for help gets it, whatever else is missing.
  const taken = values.help === true || command.takesAnything ? {} : takeArguments(command, positionals);
  const pick = (options: Options): Values => Object.fromEntries(Object.keys(options).map((name) => [name, values[name]]));
  const switches = Object.fromEntries(
    Object.keys(own).flatMap((name) => (own[name]?.kind === 'switch' ? [[name, values[name] === true]] : [])),
  );
  return { global: pick(globalOptions), own: { ...pick(own), ...switches, ...taken } };
}

function tokensOf(known: Options, argv: readonly string[]): Token[] {
  return parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { kind, short }]) => [
        name,
        { type: kind === 'switch' ? ('boolean' as const) : ('string' as const), ...(short === undefined ? {} : { short }) },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  }).tokens;
}

/** For a command that passes a command on: the tokens before it, and it. */
function cutVerbatim({ arguments: taken = {} }: Command, tokens: Token[], argv: readonly string[]): { tokens: Token[]; rest?: string[] } {
  if (!Object.values(taken).some(({ verbatim }) => verbatim)) return { tokens };
  const at = tokens.findIndex(({ kind }) => kind !== 'option');
  const token = tokens[at];
  if (!token) return { tokens };
  return { tokens: tokens.slice(0, at), rest: argv.slice(token.kind === 'option-terminator' ? token.index + 1 : token.index) };
}

function takeOption(command: Command, known: Options, token: OptionToken, values: Values): void {
  const { name, rawName, value, inlineValue } = token;
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    if (command.takesAnything) return;
    throw unknownOption(command, known, rawName);
  }
  if (option.kind === 'switch') {
    if (value !== undefined)
      throw new SpellError('usage', `${rawName} takes no value, but got ${JSON.stringify(value)}`, helpHint(command));
    values[name] = true;
    return;
  }
  // Something that looks like an option is one: its author forgot the value. A number may be negative, and `-` is a file.
  const forgotten = value === undefined || (!inlineValue && /^-[^0-9.]/.test(value));
  if (forgotten) {
    const dashed = value === undefined ? '' : `; for a value that begins with a dash write ${rawName}=${value}`;
    throw new SpellError('usage', `${rawName} needs a value`, `write ${rawName} ${option.value ?? 'VALUE'}${dashed}`);
  }
  if (option.kind === 'list') values[name] = [...((values[name] as string[] | undefined) ?? []), value];
  else values[name] = value;
}

function unknownOption(command: Command, known: Options, rawName: string): SpellError {
  const [near] = rawName.startsWith('--') ? nearNames(rawName.slice(2), Object.keys(known)) : [];
  return new SpellError(
    'usage',
    `\`spell ${command.name}\` has no option ${rawName}`,
    near === undefined ? helpHint(command) : `did you mean --${near}?`,
  );
}

function takeArguments(command: Command, positionals: string[]): Values {
  const values: Values = {};
  let left = positionals;
  for (const [name, argument] of Object.entries(command.arguments ?? {})) {
    if (argument.repeat) {
      values[name] = left;
      left = [];
    } else {
      values[name] = left[0];
      left = left.slice(1);
    }
    if (isMissing(argument, values[name])) {
      throw new SpellError(
        'usage',
        `\`spell ${command.name}\` needs ${shownArgument(name, argument)}: ${argument.doc}`,
        usageLine(command),
      );
    }
  }
  if (left.length > 0) {
    throw new SpellError('usage', `\`spell ${command.name}\` does not take ${JSON.stringify(left[0])}`, usageLine(command));
  }
  return values;
}

function isMissing({ optional }: Argument, value: Values[string]): boolean {
  return !optional && (value === undefined || (Array.isArray(value) && value.length === 0));
}

function helpHint({ name }: Command): string {
  return `\`spell ${name} --help\` lists its options`;
}
