import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.ts';

const program = join(root, 'dist', 'spell.js');

/** Exit status of a verb whose argument names nothing there is. */
const nothingOfThatName = 3;

/** Runs the built `spell` in the foreground, after printing the command as a person would type it. Throws when it fails. */
export function spell(args: string[]): void {
  console.log(`$ spell ${args.join(' ')}`);
  const done = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`\`spell ${args.join(' ')}\` ended with status ${done.status ?? done.signal}`);
}

/** The JSON document of a verb, or undefined when there is nothing of that name. */
export function spellJson<T>(args: string[]): T | undefined {
  const done = spawnSync(process.execPath, [program, ...args, '-o', 'json'], { cwd: root, encoding: 'utf8' });
  if (done.status === nothingOfThatName) return undefined;
  if (done.status !== 0) throw new Error(`\`spell ${args.join(' ')}\` failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}
