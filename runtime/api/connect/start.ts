import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type ErrorBody, SpellError } from '../errors.ts';
import { homeLayout } from '../home.ts';
import { homeUnwritable } from '../home-unwritable.ts';
import { textLines } from '../http/text-lines.ts';
import type { Status } from '../objects.ts';
import { controlPlaneEnvironment } from './environment.ts';

/** How a control plane is started. */
export interface StartOptions {
  /** Absolute. */
  home: string;
  /** `dist/spelld.js`. */
  program: string;
  /** The Node that runs it (at least 22.16). */
  node: string;
  /** Its options: `--host`, `--port`, `--api-port`, each with a value. */
  args?: readonly string[];
  env: NodeJS.ProcessEnv;
}

const readyWithinMs = 15_000;
const keptLogBytes = 10 * 2 ** 20;
const shownLogLines = 10;

/** What `spelld` writes on file descriptor 3: one line, once. */
type Readiness = { ready: Status } | ErrorBody;

/**
 * Starts a control plane in a session of its own and waits until its API answers. When another one of the same home is
 * up by then, ours ends and reports that one: two starters share one. Rejects with the control plane's own error
 * (`port-taken`, `home-unwritable`, …), or `start-failed` with the last lines of its log.
 */
export async function startControlPlane({ home, program, node, args = [], env }: StartOptions): Promise<Status> {
  await stat(program).catch(() => {
    throw new SpellError('not-built', `there is no ${program}`, 'build it first: npm run build');
  });
  const log = await openLog(home);
  try {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, ...args], {
      cwd: home,
      detached: true,
      env: controlPlaneEnvironment(env, home),
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
      windowsHide: true,
    });
    return await readiness(child, home);
  } finally {
    await log.close();
  }
}

async function readiness(child: ChildProcess, home: string): Promise<Status> {
  const told = child.stdio[3] as Readable;
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    told.destroy();
  }, readyWithinMs);
  try {
    const line = await Promise.race([firstLine(told), once(child, 'error').then(([error]) => Promise.reject(error))]);
    if (line === undefined) throw await startFailed(home, 'it ended, or did not get ready in time');
    const said = JSON.parse(line) as Readiness;
    if ('ready' in said) return said.ready;
    throw new SpellError(said.error.code, said.error.message, said.error.hint);
  } catch (error) {
    throw error instanceof SpellError ? error : await startFailed(home, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    told.destroy();
    child.unref();
  }
}

async function firstLine(told: Readable): Promise<string | undefined> {
  try {
    for await (const line of textLines(told)) return line;
  } catch {
    // Destroyed because the time was over: as if it had said nothing.
  }
  return undefined;
}

async function startFailed(home: string, why: string): Promise<SpellError> {
  const { spelldLog } = homeLayout(home);
  const lines = (await readFile(spelldLog, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-shownLogLines);
  const shown = lines.join('\n') === '' ? '' : `; the last lines of its log:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return new SpellError('start-failed', `the control plane did not start: ${why}${shown}`, `the whole log is ${spelldLog}`);
}

/** Opens the log for appending, and makes the home if there is none. A log that grew too long begins anew, one is kept. */
async function openLog(home: string): Promise<FileHandle> {
  const { logs, spelldLog } = homeLayout(home);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await mkdir(logs, { recursive: true, mode: 0o700 });
    const { size } = await stat(spelldLog).catch(() => ({ size: 0 }));
    if (size > keptLogBytes) await rename(spelldLog, `${spelldLog}.1`);
    return await open(spelldLog, 'a', 0o600);
  } catch (error) {
    throw homeUnwritable(home, error);
  }
}
