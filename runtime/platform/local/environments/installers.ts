import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type InterpreterFacts, versionText } from '../interpreter-probe.ts';
import { onPath } from '../interpreters.ts';

/** One way to make a virtual environment and to install into it. Each step is a command, or work of our own. */
export interface Installer {
  name: 'uv' | 'pip';
  make: string[] | (() => Promise<void>);
  install: string[];
}

/** What to make: the interpreter to build on, the folder, and the requirements files to install. */
export interface Installation {
  python: InterpreterFacts;
  folder: string;
  requirementFiles: string[];
  /** pip's own wheel, for an interpreter that has neither pip nor a way to get it (Debian's). */
  pipWheel: string;
  path: string | undefined;
}

/** The interpreter of a virtual environment. */
export function pythonIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** `uv`, where it is beside the interpreter or on `PATH`; else pip. */
export async function chooseInstaller(installation: Installation): Promise<Installer> {
  const { python, path } = installation;
  const uv = (await onPath(['uv'], dirname(python.executable))) ?? (await onPath(['uv'], path));
  return uv === undefined ? withPip(installation) : withUv(uv, installation);
}

function withUv(uv: string, { python, folder, requirementFiles }: Installation): Installer {
  return {
    name: 'uv',
    make: [uv, 'venv', '--no-project', '--allow-existing', '--python', python.executable, folder],
    install: [uv, 'pip', 'install', '--python', pythonIn(folder), ...requirementFiles.flatMap((file) => ['-r', file])],
  };
}

/** pip runs out of its wheel (a zip file that Python imports from), in the new environment, where it leaves nothing. */
function withPip({ python, folder, requirementFiles, pipWheel }: Installation): Installer {
  const quiet = ['--disable-pip-version-check', '--no-input', '--require-virtualenv', '--no-warn-script-location'];
  return {
    name: 'pip',
    make: python.hasVenv ? [python.executable, '-m', 'venv', '--without-pip', folder] : () => makeByHand(python, folder),
    install: [
      pythonIn(folder),
      join(pipWheel, 'pip'),
      'install',
      ...quiet,
      '--progress-bar',
      'off',
      ...requirementFiles.flatMap((file) => ['-r', file]),
    ],
  };
}

/** What the `venv` module does (PEP 405), for a Python that was packaged without it. */
async function makeByHand(python: InterpreterFacts, folder: string): Promise<void> {
  const [major, minor] = python.version;
  const home = dirname(python.baseExecutable);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'lib', `python${major}.${minor}`, 'site-packages'), { recursive: true });
  const settings = { home, 'include-system-site-packages': 'false', version: versionText(python), executable: python.baseExecutable };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  await writeFile(join(folder, 'pyvenv.cfg'), lines.join(''));
  for (const name of new Set(['python', 'python3', basename(python.baseExecutable)])) {
    const path = join(folder, 'bin', name);
    if (!(await stat(path).catch(() => null))) await symlink(python.baseExecutable, path);
  }
}
