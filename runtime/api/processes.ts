import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Finding and ending the processes of one home, also those that nobody remembers: a worker whose gateway was killed, or
 * what a predictor started and detached. They are known by their environment, which a child inherits:
 *
 *     SPELL_HOME      which home; alone it says nothing, a user's shell may export it
 *     SPELL_PROCESS   `spelld`, `gateway`, or `tool`: a program of ours, of which the home has at most one, or one that ends by itself
 *     SPELL_WORKER    which worker; what the predictor starts inherits it
 */
export const processMarks = { home: 'SPELL_HOME', program: 'SPELL_PROCESS', worker: 'SPELL_WORKER' } as const;

export type ProcessRole = 'spelld' | 'gateway' | 'tool' | 'worker';

/** A process of a home. `worker` is the value of its SPELL_WORKER, the same for what that worker's predictor started. */
export interface HomeProcess {
  pid: number;
  /** When it started, in the system's own words: two processes that had the same id differ in it. */
  started: string;
  role: ProcessRole;
  worker: string | null;
}

/** Which processes are meant: all, those of some roles, those of one worker, or one process if it is still what it was. */
export interface ProcessFilter {
  roles?: readonly ProcessRole[];
  worker?: string;
  pid?: number;
}

/** False on Windows (and where there is neither procfs nor a `ps` that shows environments): nothing is found there. */
export const canFindProcesses: boolean = process.platform === 'linux' || process.platform === 'darwin';

/**
 * The processes of a home that are running, with all descendants of those that match (a program may have overwritten
 * its environment with its title). Never the caller itself nor its ancestors: `spell down` may be typed inside a worker.
 */
export async function findProcesses(home: string, filter: ProcessFilter = {}): Promise<HomeProcess[]> {
  return look(home, filter, []);
}

/**
 * Ends the processes of a home: SIGTERM, and SIGKILL for what is left after `graceMs`. Looks again each time, so that
 * what one of them starts meanwhile is found as well, and a process id that was given to somebody else is not. Returns
 * those that still run after all, which only the system itself can cause.
 */
export async function endProcesses(home: string, filter: ProcessFilter = {}, graceMs: number = 2000): Promise<HomeProcess[]> {
  const rounds = [
    { signal: 'SIGTERM', deadline: performance.now() + graceMs },
    { signal: 'SIGKILL', deadline: performance.now() + graceMs + 2000 },
  ] as const;
  let left = await findProcesses(home, filter);
  for (const { signal, deadline } of rounds) {
    const told = new Set<string>();
    for (let waitMs = 5; left.length > 0; waitMs = Math.min(waitMs * 2, 100)) {
      for (const each of left) if (!told.has(identity(each)) && send(each.pid, signal)) told.add(identity(each));
      if (performance.now() > deadline) break;
      await delay(waitMs);
      left = await look(home, filter, left);
    }
  }
  return left;
}

/** Whether a process runs, anybody's. One that ended and was not yet reaped by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const { state } = readStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** `known`: found earlier, and meant still, even if the parent that they were known by has ended. */
async function look(home: string, filter: ProcessFilter, known: HomeProcess[]): Promise<HomeProcess[]> {
  if (!canFindProcesses) return [];
  const sameHome = await homeTest(home);
  const entries = process.platform === 'linux' ? await readProcfs() : await readPs();
  const before = new Map(known.map((each) => [identity(each), each]));
  const found = new Map<number, HomeProcess>();
  for (const entry of entries) {
    const earlier = before.get(identity(entry));
    const marked = readMarks(entry);
    if (earlier) found.set(earlier.pid, earlier);
    else if (marked && matches(marked, filter) && (await sameHome(entry.home))) found.set(marked.pid, marked);
  }
  addDescendants(found, entries);
  for (const pid of lineOf(process.pid, entries)) found.delete(pid);
  return [...found.values()];
}

/** What is known of one process. The marks are absent where its environment has none, or is hidden from us. */
interface Entry {
  pid: number;
  started: string;
  parent: number;
  home?: string | undefined;
  program?: string | undefined;
  worker?: string | undefined;
}

function identity({ pid, started }: { pid: number; started: string }): string {
  return `${pid} ${started}`;
}

function readMarks({ pid, started, home, program, worker }: Entry): HomeProcess | undefined {
  if (home === undefined) return undefined;
  if (worker !== undefined) return { pid, started, role: 'worker', worker };
  if (program === 'spelld' || program === 'gateway' || program === 'tool') return { pid, started, role: program, worker: null };
  return undefined;
}

function matches(found: HomeProcess, { roles, worker, pid }: ProcessFilter): boolean {
  return (
    (!roles || roles.includes(found.role)) && (worker === undefined || worker === found.worker) && (pid === undefined || pid === found.pid)
  );
}

/** Two spellings of a home are one home when they lead to the same folder. */
async function homeTest(home: string): Promise<(other: string | undefined) => Promise<boolean>> {
  const resolved = async (path: string): Promise<string> => realpath(path).catch(() => path.replace(/(?<=.)\/+$/, ''));
  const wanted = await resolved(home);
  const known = new Map<string, boolean>([[home, true]]);
  return async (other) => {
    if (!other?.startsWith('/')) return false;
    const same = known.get(other) ?? (await resolved(other)) === wanted;
    known.set(other, same);
    return same;
  };
}

/** A worker's descendants are the worker's; spelld and the gateway have only marked children. */
function addDescendants(found: Map<number, HomeProcess>, entries: Entry[]): void {
  const children = Map.groupBy(entries, (entry) => entry.parent);
  const queue = [...found.values()].filter(({ role }) => role === 'worker' || role === 'tool');
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const { pid, started } of children.get(next.pid) ?? []) {
      if (found.has(pid)) continue;
      const child = { ...next, pid, started };
      found.set(pid, child);
      queue.push(child);
    }
  }
}

function lineOf(pid: number, entries: Entry[]): Set<number> {
  const parents = new Map(entries.map((entry) => [entry.pid, entry.parent]));
  const line = new Set<number>();
  for (let next: number | undefined = pid; next !== undefined && !line.has(next); next = parents.get(next)) line.add(next);
  return line;
}

/** proc(5): the environment as it was when the program was loaded; empty for the dead, unreadable for other users'. */
async function readProcfs(): Promise<Entry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const entries = await Promise.all(
    pids.map(async (name): Promise<Entry | undefined> => {
      const [stat, environment] = await Promise.all([
        readFile(`/proc/${name}/stat`, 'latin1').catch(() => undefined),
        readFile(`/proc/${name}/environ`, 'utf8').catch(() => ''),
      ]);
      if (stat === undefined) return undefined;
      const { state, parent, started } = readStat(stat);
      if (state === 'Z' || state === 'X') return undefined;
      const variables = environment.split('\0');
      const value = (mark: string): string | undefined =>
        variables.find((variable) => variable.startsWith(`${mark}=`))?.slice(mark.length + 1);
      const [home, program, worker] = [value(processMarks.home), value(processMarks.program), value(processMarks.worker)];
      return { pid: Number(name), started, parent, home, program, worker };
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** `PID (NAME) STATE PARENT …`, where NAME may hold anything, also a bracket; the start time is field 22. */
function readStat(stat: string): { state: string; parent: number; started: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' };
}

/**
 * `ps -E` puts the environment behind the arguments on one line. What the same line shows without `-E` is cut off
 * first, so that arguments that look like variables do not count.
 */
async function readPs(): Promise<Entry[]> {
  const list = async (flags: string): Promise<Map<number, { started: string; parent: number; text: string }>> => {
    const { stdout } = await promisify(execFile)('/bin/ps', [flags, '-o', 'pid=,ppid=,lstart=,command='], {
      maxBuffer: 2 ** 26,
      env: { LC_ALL: 'C' },
    });
    const rows = stdout.split('\n').flatMap((row) => {
      // lstart: `Sat Nov 22 20:53:01 2025`
      const [, pid, parent, started, text] = /^\s*([0-9]+)\s+([0-9]+)\s+(\w+ +\w+ +[0-9]+ [0-9:]+ [0-9]+) +(.*)$/.exec(row) ?? [];
      return started === undefined || text === undefined ? [] : [[Number(pid), { parent: Number(parent), started, text }] as const];
    });
    return new Map(rows);
  };
  const [plain, full] = await Promise.all([list('-axww'), list('-axwwE')]);
  return [...full].map(([pid, { parent, started, text }]) => {
    const command = plain.get(pid)?.text;
    const known = command !== undefined && text.startsWith(command);
    return { pid, started, parent, ...(known ? marksInText(text.slice(command.length)) : {}) };
  });
}

/** The marks in ` NAME=VALUE NAME=VALUE`; a value may hold spaces, and ends before what looks like the next name. */
export function marksInText(text: string): Pick<Entry, 'home' | 'program' | 'worker'> {
  const value = (mark: string): string | undefined => new RegExp(` ${mark}=(.*?)(?= [A-Za-z_][A-Za-z0-9_]*=|\\s*$)`).exec(text)?.[1];
  return { home: value(processMarks.home), program: value(processMarks.program), worker: value(processMarks.worker) };
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
