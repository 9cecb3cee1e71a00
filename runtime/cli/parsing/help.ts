import type { Argument, Command, Option, Options } from '../command.ts';
import type { CommandGroup } from './find-command.ts';
import { globalOptions } from './global-options.ts';

const width = 100;

/** `usage: spell server rm [options] NAME` */
export function usageLine({ name, options, arguments: taken = {} }: Command): string {
  const words = Object.entries(taken).map(([each, argument]) => bracketed(each, argument));
  return ['usage: spell', name, ...(options ? ['[options]'] : []), ...words].join(' ');
}

/** The help of one command, ending with a line feed. */
export function commandHelp(command: Command): string {
  const { summary, details, arguments: taken = {}, options = {}, example } = command;
  const sections = [
    usageLine(command),
    `${summary}.`,
    ...(details === undefined ? [] : [wrap(details, '').join('\n')]),
    ...section(
      'arguments',
      Object.entries(taken).map(([name, argument]) => [shownArgument(name, argument), argument.doc]),
    ),
    ...section('options', optionRows(options)),
    ...section('everywhere', optionRows(globalOptionsOf(command))),
    `example:\n${example
      .trim()
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The help of words that lead to several commands; `commands` are those, loaded, in their order. */
export function groupHelp(words: readonly string[], group: CommandGroup, commands: readonly (readonly [string, string])[]): string {
  const name = ['spell', ...words].join(' ');
  const sections = [
    `usage: ${name} COMMAND [options] [arguments]`,
    `${group.summary}.`,
    ...section('commands', commands),
    ...section('everywhere', optionRows(globalOptions)),
    `\`${name} COMMAND --help\` tells more, with an example.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** `NAME`, or what the definition says. */
export function shownArgument(name: string, { show }: Argument): string {
  return show ?? name.toUpperCase();
}

function bracketed(name: string, { show, optional, repeat }: Argument): string {
  if (show !== undefined) return show;
  const shown = `${name.toUpperCase()}${repeat ? '…' : ''}`;
  return optional ? `[${shown}]` : shown;
}

/** The global options, with what this command's `--output` may be. */
function globalOptionsOf({ outputs }: Command): Options {
  const { output, ...others } = globalOptions;
  if (!outputs || !output) return globalOptions;
  return { output: { ...output, value: outputs.join('|'), doc: `how results are printed (default: ${outputs[0]})` }, ...others };
}

function optionRows(options: Options): (readonly [string, string])[] {
  return Object.entries(options).map(([name, option]) => [
    optionName(name, option),
    option.doc + (option.kind === 'list' ? ' (repeat)' : ''),
  ]);
}

function optionName(name: string, { short, value }: Option): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** Rows of two columns; a name that is too long for its column gets a line of its own. */
function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const column = Math.min(32, Math.max(...rows.map(([name]) => name.length)) + 2);
  const lines = rows.flatMap(([name, doc]) => {
    const [first = '', ...others] = wrap(doc, ' '.repeat(column + 2));
    const indented = `  ${name.padEnd(column)}`;
    return name.length >= column ? [`  ${name}`, `${' '.repeat(column + 2)}${first}`, ...others] : [`${indented}${first}`, ...others];
  });
  return [`${title}:\n${lines.join('\n')}`];
}

/** Breaks a text into lines of at most {@link width}; all but the first begin with the indentation. */
function wrap(text: string, indentation: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indentation.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, index) => (index === 0 ? each : `${indentation}${each}`));
}
