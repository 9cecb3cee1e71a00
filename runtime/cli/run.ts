import { resolve } from 'node:path';
import { SpellError } from '../api/errors.ts';
import { spellHome } from '../api/home.ts';
import { nameProblem } from '../api/names.ts';
import type { Command } from './command.ts';
import { commands } from './commands/table.ts';
import type { Context, Programs } from './context.ts';
import { chooseControlPlane } from './control-plane.ts';
import { type CommandGroup, findCommand } from './parsing/find-command.ts';
import { commandHelp, groupHelp } from './parsing/help.ts';
import { type ParsedInput, parseInput, type Values } from './parsing/parse-input.ts';
import { reportFailure } from './report-failure.ts';
import { type Streams, Terminal } from './terminal/terminal.ts';

/** What a run of the command happens in. */
export interface World {
  streams: Streams;
  env: NodeJS.ProcessEnv;
  cwd: string;
  programs: Programs;
  /** Aborted by the first Ctrl-C after it was asked for. */
  interruption(): AbortSignal;
  /** As {@link Context.takeSignals}. */
  takeSignals: Context['takeSignals'];
}

/** Runs one command line to its end. Returns the exit status; never rejects. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const { env, streams } = world;
  const plain = new Terminal(streams, { quiet: false, noColor: Boolean(env.NO_COLOR) });
  const debug = Boolean(env.SPELL_DEBUG);
  try {
    const found = findCommand(commands, asOptions(argv));
    if ('group' in found) {
      if (!found.rest.every(isHelp))
        throw new SpellError('usage', 'a command is missing', `\`spell ${[...found.words, '--help'].join(' ')}\` lists them`);
      plain.printBytes(Buffer.from(groupHelp(found.words, found.group, await summaries(found.group))));
      return 0;
    }
    const command = await found.node();
    const input = parseInput(command, found.rest);
    if (input.global.help) {
      plain.printBytes(Buffer.from(commandHelp(command)));
      return 0;
    }
    return await runCommand(command, input, world, debug);
  } catch (error) {
    return reportFailure(plain, wantsJson(argv) ? 'json' : 'table', error, debug);
  }
}

async function runCommand(command: Command, { global, own }: ParsedInput, world: World, debug: boolean): Promise<number> {
  const context = makeContext(command, global, world);
  try {
    return (await command.run(context, own as Parameters<Command['run']>[1])) ?? 0;
  } catch (error) {
    return reportFailure(context.terminal, context.output, error, debug);
  } finally {
    context.controlPlane.close();
  }
}

function makeContext(command: Command, global: Values, { streams, env, cwd, programs, interruption, takeSignals }: World): Context {
  const outputs = command.outputs ?? ['table', 'json'];
  const format = String(global.output ?? outputs[0]);
  if (!outputs.includes(format)) {
    const known = outputs.map((each) => `-o ${each}`);
    throw new SpellError('usage', `--output: ${JSON.stringify(format)} is none of ${outputs.join(', ')}`, `write ${known.join(' or ')}`);
  }
  const output = format === outputs[0] ? 'table' : 'json';
  const owner = (global.owner as string | undefined) ?? 'local';
  const problem = nameProblem('owner', owner);
  if (problem) throw new SpellError('bad-name', problem, 'name another with --owner');
  // What reads json wants nothing else: messages would stand between it and the error object.
  const quiet = global.quiet === true || output === 'json';
  const terminal = new Terminal(streams, { quiet, noColor: global['no-color'] === true || Boolean(env.NO_COLOR) });
  const home = resolve(cwd, spellHome(env));
  const controlPlane = chooseControlPlane({
    chosen: (global.context as string | undefined) ?? env.SPELL_CONTEXT,
    env,
    home,
    programs,
    say: (line) => terminal.say(line),
  });
  return { terminal, output, format, yes: global.yes === true, owner, env, cwd, home, programs, controlPlane, interruption, takeSignals };
}

/** Tells of a defect that no command could catch. Returns the exit status. */
export function reportCrash(argv: readonly string[], { streams, env }: World, thrown: unknown): number {
  const terminal = new Terminal(streams, { quiet: false, noColor: Boolean(env.NO_COLOR) });
  return reportFailure(terminal, wantsJson(argv) ? 'json' : 'table', thrown, Boolean(env.SPELL_DEBUG));
}

/** `spell help server serve` and `spell --version`, as what they mean. */
function asOptions(argv: readonly string[]): readonly string[] {
  const [first, ...others] = argv;
  if (first === 'help') return [...others, '--help'];
  if (first === '--version' || first === '-V') return ['version', ...others];
  return argv;
}

async function summaries({ commands: all }: CommandGroup): Promise<[string, string][]> {
  return Promise.all(
    Object.entries(all).map(async ([name, node]) => [name, typeof node === 'function' ? (await node()).summary : node.summary]),
  );
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** Before the command line is understood: how its author would want to hear that it is not. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => /^(--output=|-o=?)json$/.test(word) || ((word === '-o' || word === '--output') && argv[index + 1] === 'json'),
  );
}
