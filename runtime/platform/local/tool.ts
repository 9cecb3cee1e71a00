import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { processMarks } from '../../api/processes.ts';

/** A program of somebody else's that is run to its end: an interpreter, an installer. */
export interface ToolRun {
  command: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  /** Ends the tool with all that it started. */
  signal: AbortSignal;
  /** Called with each line of its output, as it comes. */
  onLine?: (line: string) => void;
  /** A file that its output is added to. */
  logFile?: string;
}

/** How it ended. `status` is null when it could not be started, or a signal ended it; `lines` are its last ones. */
export interface ToolEnd {
  status: number | null;
  lines: string[];
  /** Why it could not be started. */
  error: Error | null;
}

const keptLines = 200;
const killAfterMs = 2000;

/**
 * Runs a tool in a process group of its own, marked so that it is found again should its starter die first
 * (`runtime/api/processes.ts`). Rejects only when the signal aborts.
 */
export async function runTool({ command, cwd, env, signal, onLine, logFile }: ToolRun): Promise<ToolEnd> {
  signal.throwIfAborted();
  const [file, ...args] = command;
  // Loaded with the first tool: a control plane that only takes over runs none, and starts the sooner.
  const { execa } = await import('execa');
  const ownGroup = process.platform !== 'win32';
  await using log = logFile === undefined ? null : await open(logFile, 'a');
  const child = execa(file, args, {
    cwd,
    env: { ...env, [processMarks.program]: 'tool' },
    extendEnv: false,
    detached: ownGroup,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  });
  const stop = (): void => {
    if (child.pid === undefined) return;
    const target = ownGroup ? -child.pid : child.pid;
    send(target, 'SIGTERM');
    // The tool may be gone by then and what it started not: the group is what counts.
    void delay(killAfterMs, undefined, { ref: false }).then(() => send(target, 'SIGKILL'));
  };
  signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line);
      await log?.appendFile(`${line}\n`);
    }
  } catch {
    // The output of a tool that could not be started, or was ended, breaks off; the result says why.
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const result = await child;
  signal.throwIfAborted();
  const started = child.pid !== undefined;
  return { status: result.exitCode ?? null, lines, error: started ? null : new Error(result.shortMessage ?? `${file} cannot be started`) };
}

function send(target: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, name);
  } catch {
    // It has ended.
  }
}
