import type { HostResult } from './host-results.ts';

/** How the tests of a window ended. */
export interface HostRun {
  results: HostResult[];
  /** What went wrong beside single tests: a window that did not come, a time-out, processes that were left. */
  problem: string | undefined;
  /** The folder with screenshot and logs, when anything failed. */
  evidence: string | undefined;
}

/** All tests of a window together; a single one has mocha's time-out. */
export const runTimeoutMs: number = 180_000;

/** What a window that has been closed should have taken with it; undefined when nothing is left. */
export function leftBehind(commands: string[]): string | undefined {
  return commands.length === 0 ? undefined : `the window is closed, and these still run:\n${commands.join('\n')}`;
}
