import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.ts';

/**
 * The interpreter with the Python side's development tools (ruff, mypy, pytest), in `.cache/python`; made when it is
 * missing or when the list of tools changed. Throws with pip's own words when that fails.
 */
export function developmentPython(): string {
  const folder = join(root, '.cache', 'python');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const list = join(root, 'runtime', 'python', 'dev-requirements.txt');
  const stamp = join(folder, 'installed.txt');
  const wanted = readFileSync(list, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  runOrThrow('python3', ['-m', 'venv', folder]);
  runOrThrow(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', list]);
  writeFileSync(stamp, wanted);
  return python;
}

function runOrThrow(command: string, args: string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`\`${command} ${args.join(' ')}\` failed:\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`);
}
