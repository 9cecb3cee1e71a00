import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { bucketOf } from '../../api/histogram.ts';
import type { ObservedTraffic } from '../../api/traffic.ts';
import { makeFolder } from '../testing/test-control.ts';
import { seriesOf } from './series.ts';
import { type Counters, joinWindows, type MetricsWindow, windowBetween } from './window.ts';
import { WindowsTable } from './windows-table.ts';

const key = { owner: 'local', name: 'digits' };
const none = { count: 0, sumMs: 0, buckets: [] };

/** So many requests that were answered in so many milliseconds each, and so many that were refused. */
function traffic(answered: number, refused: number, ms: number): ObservedTraffic {
  const total =
    answered === 0 ? none : { count: answered, sumMs: answered * ms, buckets: [[bucketOf(ms * 1000), answered] as [number, number]] };
  return {
    queueDepth: 1,
    inFlight: 2,
    pods: [
      {
        pod: 'a',
        answers: [
          { status: 200, cause: 'answered', count: answered },
          { status: 429, cause: 'queue-full', count: refused },
        ],
        stages: { total, queue: none, prepare: none, predict: none, reply: none },
      },
    ],
    batches: { count: answered / 2, requests: answered, sizes: [], reasons: { full: 0, 'worker-free': 0, timeout: 0, drain: 0 } },
  };
}

function counters(at: number, seen: ObservedTraffic, cpuSeconds = at / 2000): Counters {
  return { at, traffic: seen, usage: [{ pod: 'a', cpuSeconds, memoryBytes: 1000 }], readyPods: 1 };
}

test('a window has what happened between two looks, and windows add up to what one long one has', () => {
  const [first, second, third] = [
    counters(0, traffic(10, 0, 4)),
    counters(5000, traffic(30, 2, 4)),
    counters(10_000, traffic(90, 2, 4)),
  ] as const;
  const joined = joinWindows([windowBetween(first, second), windowBetween(second, third)]);
  assert.deepEqual(joined, windowBetween(first, third));
  const [point] = seriesOf([joined], 10_000);
  assert.deepEqual(
    [point?.requests, point?.requestsPerSecond, point?.failed, point?.failures, point?.batchSize, point?.cpu, point?.memoryBytes],
    [82, 8.2, 2, { 'queue-full': 2 }, 2, 0.5, 1000],
  );
  assert.ok(Math.abs((point?.p50Ms ?? 0) - 4) < 0.04);
});

test('how busy GPUs were is an average over the time, their memory is that of its end, and nothing is said where there are none', () => {
  const withGpus = (at: number, gpuUtilization: number, gpuMemoryBytes: number): Counters => ({
    ...counters(at, traffic(0, 0, 4)),
    usage: [{ pod: 'a', cpuSeconds: 0, memoryBytes: 1000, gpuUtilization, gpuMemoryBytes }],
  });
  const [first, second, third] = [withGpus(0, 0, 0), withGpus(5000, 0.2, 100), withGpus(10_000, 0.8, 300)] as const;
  const [point] = seriesOf([windowBetween(first, second), windowBetween(second, third)], 10_000);
  assert.deepEqual([point?.gpuUtilization, point?.gpuMemoryBytes], [0.5, 300]);
  const [without] = seriesOf([windowBetween(counters(0, traffic(0, 0, 4)), counters(5000, traffic(0, 0, 4)))], 5000);
  assert.ok(without && !('gpuUtilization' in without) && !('gpuMemoryBytes' in without));
});

test('counters that began anew in between count from nothing, never backwards', () => {
  const window = windowBetween(counters(0, traffic(100, 5, 4), 90), counters(5000, traffic(7, 0, 9), 1));
  assert.deepEqual([window.causes, window.total.count, window.batches.requests, window.cpuSeconds], [{ answered: 7 }, 7, 7, 1]);
});

test('steps without any request have no quantiles, and gaps stay gaps', () => {
  const empty = windowBetween(counters(0, traffic(3, 0, 4)), counters(5000, traffic(3, 0, 4)));
  const later = { ...empty, at: 60_000 };
  assert.deepEqual(
    seriesOf([empty, later], 5000).map(({ time, requests, p99Ms }) => [time, requests, p99Ms]),
    [
      ['1970-01-01T00:00:05.000Z', 0, null],
      ['1970-01-01T00:01:00.000Z', 0, null],
    ],
  );
});

test('fine windows are kept for an hour, coarse ones for a day, and those of removed model servers not at all', async (t) => {
  const table = WindowsTable.open(join(await makeFolder(t), 'metrics.db'));
  t.after(() => table.close());
  const window = (at: number): MetricsWindow => ({
    ...windowBetween(counters(at - 5000, traffic(0, 0, 1)), counters(at, traffic(1, 0, 1))),
    at,
  });
  const hour = 3_600_000;
  const now = 30 * hour;
  for (const resolution of ['fine', 'coarse'] as const)
    for (const at of [now - 25 * hour, now - 2 * hour, now - 1000]) table.insert(key, resolution, window(at));
  table.insert({ ...key, name: 'gone' }, 'fine', window(now));
  table.tidy(now, ({ name }) => name !== 'gone');
  assert.deepEqual(
    table.after(key, 'fine', 0).map(({ at }) => at),
    [now - 1000],
  );
  assert.deepEqual(
    table.after(key, 'coarse', 0).map(({ at }) => at),
    [now - 2 * hour, now - 1000],
  );
  assert.deepEqual(table.after({ ...key, name: 'gone' }, 'fine', 0), []);
});

test('a file that is no database is begun anew', async (t) => {
  const file = join(await makeFolder(t), 'metrics.db');
  await writeFile(file, 'this is no database, and long enough to be seen as none'.repeat(100));
  const table = WindowsTable.open(file);
  t.after(() => table.close());
  assert.deepEqual(table.after(key, 'fine', 0), []);
});
