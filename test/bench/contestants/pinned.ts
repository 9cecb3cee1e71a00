import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

let pinning: boolean =
  process.env.SPELL_BENCH_PIN !== '0' && availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** Whether processes are bound to a core: with two cores and util-linux's `taskset`, unless `SPELL_BENCH_PIN=0`. */
export function isPinning(): boolean {
  return pinning;
}

/** A command on one core; where that is not possible or not wanted, the command as it is. */
export function onCore(core: 0 | 1, command: string[]): string[] {
  return pinning ? ['taskset', '-c', String(core), ...command] : command;
}

/**
 * From now on nothing is bound to a core. For what measures the time of a lone request: the system then lets processes
 * that hand it to each other run where the other just ran, as it does for users; bound to two cores each would have to
 * be woken by an interrupt from the other, which in a virtual machine takes longer than the request.
 */
export function leaveCoresToTheSystem(): void {
  pinning = false;
}
