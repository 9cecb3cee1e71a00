import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { endProcesses } from '../../api/processes.ts';
import type { Clock } from '../clock.ts';
import { type Left, LeftBehind } from './left-behind.ts';

/** How a worker's process ended. `error`: it could not be started at all. */
export interface WorkerExit extends Left {
  code: number | null;
  signal: NodeJS.Signals | null;
  error: string | null;
}

/** What to start. */
export interface WorkerCommand {
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  home: string;
  /** The value of `SPELL_WORKER`: whatever carries it belongs to this worker. */
  mark: string;
}

/** A worker's process as its seat sees it; tests put something else in its place. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** File descriptor 3. */
  readonly channel: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process is gone, with all that it started, and what it said last has been read. */
  readonly exited: Promise<WorkerExit>;
  /** Ends it and its whole process group at once. */
  kill(): void;
}

export type SpawnWorker = (command: WorkerCommand) => WorkerProcess;

/** How long what a dead worker wrote may take to arrive. A process that inherited the pipe could keep it open for ever. */
const lastWordsMs = 200;

/**
 * Starts workers as processes, each the leader of a session and process group of its own, so that signals to the gateway's
 * terminal do not reach it and one signal ends it with its children.
 *
 * With `node:child_process` and not through execa: descriptor 3 must be a socket in both directions and 4 a file that
 * is open already; and the gateway's idle memory has no room for it.
 */
export function workerSpawner(folder: string, clock: Clock): SpawnWorker {
  let spawned = 0;
  return ({ command: [program = '', ...args], env, cwd, home, mark }) => {
    const left = new LeftBehind(folder, `.worker-${process.pid}-${++spawned}`);
    let child: ChildProcess;
    try {
      child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe', left.descriptor] });
    } catch (error) {
      left.close();
      throw error;
    }
    // Where no descriptor is left, Node gives back a child without any stream.
    const channel = child.stdio?.[3] as Duplex | undefined;
    if (!channel) {
      left.close();
      child.once('error', () => {});
      throw new Error('no file descriptors are left');
    }
    const [stdout, stderr] = [child.stdout as Readable, child.stderr as Readable];
    const gone = new Promise<Omit<WorkerExit, keyof Left>>((resolve) => {
      child.once('error', (error) => child.pid === undefined && resolve({ code: null, signal: null, error: error.message }));
      child.once('exit', (code, signal) => resolve({ code, signal, error: null }));
    });
    const exited = (async (): Promise<WorkerExit> => {
      const ends = [channel, stdout, stderr].map(ended);
      const exit = await gone;
      killGroup(child);
      await Promise.race([Promise.all(ends), new Promise<void>((resolve) => clock.after(lastWordsMs, resolve))]);
      const found = left.read();
      left.close();
      for (const stream of [channel, stdout, stderr]) stream.destroy();
      // What it started and detached from its group is still known by its environment.
      // A system that cannot tell, for want of descriptors say, must not end the gateway.
      await endProcesses(home, { worker: mark }, 0).catch(() => []);
      return { ...exit, ...found };
    })();
    return { pid: child.pid, channel, stdout, stderr, exited, kill: () => killGroup(child) };
  };
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
