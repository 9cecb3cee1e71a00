import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processor time that a process has used, in microseconds, a hundredth of a second at a time. Linux only; elsewhere not known. */
export function cpuMicroseconds(pid: number): number {
  try {
    // Fields 14 and 15 of `/proc/PID/stat` (proc(5)); the second field may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

/** Seconds that all threads of a process have run, to the nanosecond: what is idle uses less than {@link cpuMicroseconds} can tell. Linux only. */
export function runSeconds(pid: number): number {
  const threads = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(threads).map((thread) =>
    Number(readFileSync(join(threads, thread, 'schedstat'), 'latin1').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

/** Memory of a process in MiB: what is resident, and its proportional share of it. */
export function memoryMiB(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}: +([0-9]+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { rss: of('Rss'), pss: of('Pss') };
}
