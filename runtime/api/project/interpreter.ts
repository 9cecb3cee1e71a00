import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { badSetting, type Said, shown } from './said.ts';

const onWindows = process.platform === 'win32';

/** A shim of a version manager starts a shell and looks around; this is far more than it needs. */
const shimAnswersWithinMs = 10_000;

/**
 * The interpreter that was asked for: a path (of a Python, or of an environment's folder), or a command on PATH.
 * Throws `bad-setting` when there is none.
 */
export async function findInterpreter(said: Said, text: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (!/[/\\]/.test(text) && !(await isRunnable(resolve(said.folder, text)))) {
    const found = await onPath(text, env);
    if (found !== undefined) return behindShim(found, said.folder, env);
    throw badSetting(said, `${shown(text)} is not on PATH`, 'name an installed Python, as in --python /usr/bin/python3');
  }
  const path = resolve(said.folder, text);
  const found = await stat(path).catch(() => undefined);
  const python = found?.isDirectory() ? pythonIn(path) : path;
  if (await isRunnable(python)) return behindShim(python, said.folder, env);
  throw badSetting(said, `there is no Python at ${python}`, 'name a Python, or the folder of a virtual environment');
}

/**
 * The interpreter that a person at this prompt would get for this file (`spec/behaviour.md` §1): the active environment,
 * `.venv` beside the entrypoint or at the project's root, the one `selected` in an editor, then PATH. `undefined` when there is no
 * Python at all.
 *
 * It is chosen here and not by the control plane, whose PATH may be another one.
 */
export async function defaultInterpreter(
  entrypoint: string,
  root: string,
  env: NodeJS.ProcessEnv,
  selected?: string,
): Promise<string | undefined> {
  const folder = dirname(entrypoint);
  const environments = [env.VIRTUAL_ENV, join(folder, '.venv'), join(root, '.venv')].filter((each) => each !== undefined && each !== '');
  for (const environment of environments) {
    const python = pythonIn(resolve(folder, environment as string));
    if (await isRunnable(python)) return python;
  }
  if (selected !== undefined && (await isRunnable(selected))) return selected;
  for (const command of onWindows ? ['python', 'python3'] : ['python3', 'python']) {
    const found = await onPath(command, env);
    const python = found === undefined ? undefined : await behindShim(found, folder, env).catch(() => undefined);
    if (python !== undefined) return python;
  }
  return undefined;
}

/** Where PEP 405 puts the interpreter of an environment. */
function pythonIn(environment: string): string {
  return onWindows ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

async function onPath(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const names = onWindows && !/\.exe$/i.test(command) ? [`${command}.exe`] : [command];
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const path = resolve(folder, name);
      if (await isRunnable(path)) return path;
    }
  }
  return undefined;
}

async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * A version manager's `python3` is a script that chooses by the current folder. It is asked for its choice here, where
 * the user is, since the control plane runs elsewhere. Anything else is taken as it is: links lead to environments.
 */
async function behindShim(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (!(await isScript(python))) return python;
  const { stdout } = await promisify(execFile)(python, ['-c', 'import sys; print(sys.executable)'], {
    cwd: folder,
    env,
    timeout: shimAnswersWithinMs,
  });
  return stdout.trim() || python;
}

async function isScript(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer.toString('latin1') === '#!';
}
