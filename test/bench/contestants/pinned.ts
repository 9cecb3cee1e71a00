import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Whether processes are bound to a core: with two cores and util-linux's `taskset`, unless `SPELL_BENCH_PIN=0`. */
export const canPin: boolean =
  process.env.SPELL_BENCH_PIN !== '0' && availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** A command on one core; where that is not possible, the command as it is. */
export function onCore(core: 0 | 1, command: string[]): string[] {
  return canPin ? ['taskset', '-c', String(core), ...command] : command;
}
