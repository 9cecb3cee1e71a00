import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { SpellError } from '../../api/errors.ts';
import type { Context } from '../context.ts';

/** How a command ended, as a shell tells it: 128 and the signal's number where a signal ended it. */
export interface CommandEnd {
  exitStatus: number;
  signal: NodeJS.Signals | null;
}

export interface CommandOptions {
  command: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  takeSignals: Context['takeSignals'];
  /** Takes what the command prints. It prints no more until this has resolved, once its pipe is full. */
  printed(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void>;
}

/**
 * Runs a command to its end. Its input is ours, Ctrl-C is its own to answer, and a signal to us goes on to it.
 * Throws `not-found` or `bad-path` for what cannot be started.
 */
export async function runCommand({ command, cwd, env, takeSignals, printed }: CommandOptions): Promise<CommandEnd> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env, stdio: ['inherit', 'pipe', 'pipe'] });
  const release = takeSignals((signal) => {
    if (signal !== 'SIGINT' || !terminalTellsAll()) child.kill(signal);
  });
  try {
    await once(child, 'spawn').catch((error) => Promise.reject(unstartable(program, error)));
    const [[code, signal]] = await Promise.all([
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
      pass(child, 'stdout', printed),
      pass(child, 'stderr', printed),
    ]);
    return { exitStatus: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal };
  } finally {
    release();
  }
}

async function pass(
  child: ChildProcessByStdio<null, Readable, Readable>,
  stream: 'stdout' | 'stderr',
  printed: CommandOptions['printed'],
): Promise<void> {
  for await (const bytes of child[stream]) await printed(stream, bytes as Buffer);
}

/** Whether Ctrl-C reached the command already: a terminal tells all that run in its foreground, as Windows' console does. */
function terminalTellsAll(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

function unstartable(program: string, error: NodeJS.ErrnoException): SpellError {
  if (error.code === 'ENOENT')
    return new SpellError(
      'not-found',
      `there is no program ${JSON.stringify(program)}`,
      'is it installed, and on the PATH? Nothing was run',
      {
        cause: error,
      },
    );
  return new SpellError('bad-path', `${JSON.stringify(program)} cannot be run: ${error.message}`, 'is it executable? Nothing was run', {
    cause: error,
  });
}
