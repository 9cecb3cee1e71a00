import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { spellStub } from '../../harness/home.ts';

/** The `PATH` of the user's own shell: without the Node that `npm run` brings, so an old one has to start ours. */
const userPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes(join('scripts', 'node')))
  .join(delimiter);

/** Milliseconds of one run of the linked `spell`. */
export async function spellMs(home: string, args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(spellStub, args, {
    env: { ...process.env, PATH: userPath, SPELL_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const status = await new Promise((resolve) => child.on('exit', resolve));
  if (status !== 0) throw new Error(`spell ${args.join(' ')} ended with ${status}`);
  return performance.now() - began;
}
