import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/root.ts';
import type { Peer } from './peer.ts';

/** The first of these that is there: all peers have wheels for 3.11. */
const interpreters = ['python3.11', 'python3.12', 'python3.10', 'python3'];

/** The folder of a peer's programs, in `.cache/peers`; installs it there the first time. Throws with pip's own words. */
export function installed(peer: Peer): string {
  const [first = ''] = peer.requirements;
  const folder = join(root, '.cache', 'peers', first.replace(/[^a-z].*/, ''));
  const bin = join(folder, 'bin');
  const stamp = join(folder, 'installed.txt');
  const wanted = peer.requirements.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return bin;
  process.stderr.write(`installing ${peer.requirements.join(' ')}\n`);
  mkdirSync(folder, { recursive: true });
  const python = interpreters.find((name) => spawnSync(name, ['-c', 'import venv']).status === 0) ?? 'python3';
  run(python, ['-m', 'venv', '--clear', folder]);
  run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...peer.requirements]);
  writeFileSync(stamp, wanted);
  return bin;
}

/** What is installed of a peer, as `name version` of its own packages and of what serves HTTP for it. */
export function versions(peer: Peer): string {
  const python = join(installed(peer), 'python');
  const { stdout } = spawnSync(python, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' });
  const bare = peer.requirements.map((each) => each.replace('==', ' ').replace(/\[.*\]/, ''));
  return `${bare.join(', ')} (Python ${stdout.trim()})`;
}

function run(command: string, args: string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status === 0) return;
  throw new Error(`\`${command} ${args.join(' ')}\` failed:\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`);
}
