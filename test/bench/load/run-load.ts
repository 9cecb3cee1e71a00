import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../../scripts/root.ts';
import { onCore } from '../contestants/pinned.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

/** Runs the load generator, in a process of its own on core 1. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const program = join(root, 'test', 'bench', 'load', 'load-generator.ts');
  const [command = '', ...args] = onCore(1, [process.execPath, '--disable-warning=ExperimentalWarning', program, JSON.stringify(plan)]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed, status] = await Promise.all([
    text(child.stdout),
    new Promise<number | null>((resolve, reject) => child.on('exit', resolve).on('error', reject)),
  ]);
  if (status !== 0) throw new Error(`the load generator ended with ${status}`);
  return JSON.parse(printed) as LoadResult;
}
