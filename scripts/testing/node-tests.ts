import { glob } from 'node:fs/promises';
import { cpus } from 'node:os';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from '../root.ts';
import type { Tally } from './tally.ts';

/** A file that takes longer hangs, and would keep everybody waiting without a word. */
const hangsAfterMs = 5 * 60_000;

/** Folders that hold no tests of ours. */
const skipped = /(^|\/)(node_modules|dist|fixtures|\.cache)(\/|$)/;

/**
 * Runs every `*.test.ts` below some folders of the checkout with Node's own test runner, each file in a process of its
 * own, and prints what fails.
 */
export async function runNodeTests(
  patterns: string[],
  concurrency: number = cpus().length,
  timeoutMs: number = hangsAfterMs,
): Promise<Tally> {
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: root, exclude: (path) => skipped.test(String(path)) })) files.push(String(file));
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const stream = run({
    files: files.sort(),
    cwd: root,
    concurrency,
    timeout: timeoutMs,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined || event.todo !== undefined) tally.skipped++;
    else tally.passed++;
  });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') tally.failed++;
  });
  Readable.from(withoutPasses(stream)).pipe(new spec()).pipe(process.stdout, { end: false });
  await new Promise((resolve) => stream.once('end', resolve));
  return tally;
}

/** What passed is counted; only what failed, and what a test reports, is shown. */
async function* withoutPasses(events: AsyncIterable<{ type: string }>): AsyncGenerator<{ type: string }> {
  for await (const event of events) if (event.type !== 'test:pass' && event.type !== 'test:start') yield event;
}
