import { spawn } from 'node:child_process';
import { spellStub } from '../../harness/home.ts';

/** Milliseconds of one run of the linked `spell`, under the Node that runs this. */
export async function spellMs(home: string, args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [spellStub, ...args], {
    env: { ...process.env, SPELL_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const status = await new Promise((resolve) => child.on('exit', resolve));
  if (status !== 0) throw new Error(`spell ${args.join(' ')} ended with ${status}`);
  return performance.now() - began;
}
