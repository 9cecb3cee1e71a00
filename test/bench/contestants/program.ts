import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** How long one may take to end by itself. */
const patienceMs = 10_000;

/** What stands in the environment of everything that was started and not stopped yet. */
const marks: Set<string> = new Set();

/** Whatever has this text in its environment ends with the benchmark, however that ends. */
export function endWithUs(mark: string): void {
  marks.add(mark);
}

/** A program that serves, with everything that it starts. */
export interface Program {
  child: ChildProcess;
  /** Its processes now, however they were started. */
  pids(): number[];
  /** Ends it, and whatever it left behind. */
  stop(): Promise<void>;
}

/** Starts one in a process group of its own. It ends with the benchmark, however that ends. */
export function startProgram(command: string[], env: NodeJS.ProcessEnv, cwd: string, stdout: 'pipe' | 'ignore' | number): Program {
  const mark = randomUUID();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...env, SPELL_BENCH_MARK: mark },
    stdio: ['ignore', stdout, stdout === 'pipe' ? 'inherit' : stdout],
  });
  marks.add(mark);
  return {
    child,
    pids: () => processesOf(mark),
    stop: async () => {
      signal(child, 'SIGTERM');
      const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
      await Promise.race([ended, pause(patienceMs)]);
      killAll(mark);
      while (processesOf(mark).length > 0) await pause(20);
      marks.delete(mark);
    },
  };
}

/** Waits until a request is answered with 200. Throws when the program ends before, or takes too long. */
export async function answers(url: string, body: string, child: ChildProcess, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  let last = 'nothing';
  for (;;) {
    try {
      const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      const said = await answer.text();
      if (answer.status === 200) return;
      last = `${answer.status}: ${said.slice(0, 200)}`;
    } catch {}
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    if (performance.now() > deadline) throw new Error(`${url} does not answer: ${last}`);
    await pause(50);
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? 0), name);
  } catch {}
}

function killAll(mark: string): void {
  for (const pid of processesOf(mark)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {}
  }
}

/** Daemons leave their process group, but they keep the environment. */
function processesOf(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid))
    .map(Number)
    .filter((pid) => {
      try {
        // A zombie has no command line: it is dead, and only waits to be asked.
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark) && readFileSync(`/proc/${pid}/cmdline`, 'latin1') !== '';
      } catch {
        return false;
      }
    });
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
process.on('exit', () => {
  for (const mark of marks) killAll(mark);
});
