import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PodUserMetrics, UserSample } from '../../api/user-metrics.ts';
import { PlatformView } from '../rollout/platform-view.ts';
import { makeFolder, makeTestControl } from '../testing/test-control.ts';
import { MetricsHistory } from './metrics-history.ts';
import { joinUserWindows, mostSeries, type UserCounters, userBetween, userCounters } from './user-window.ts';

function counted(value: number, kind = 'c', name = 'seen_total'): UserSample {
  return { name, labels: { kind }, type: 'counter', value, sentAt: null };
}

function gauge(value: number, sentAt: number | null = null): UserSample {
  return { name: sentAt === null ? 'depth' : 'spell:custom:confidence', labels: {}, type: 'gauge', value, sentAt };
}

function pod(id: string, ...samples: UserSample[]): PodUserMetrics {
  return { pod: id, samples, leftOut: 0 };
}

function looks(...seen: PodUserMetrics[][]): UserCounters[] {
  const all: UserCounters[] = [];
  for (const pods of seen) all.push(userCounters(all.at(-1), pods));
  return all;
}

function valuesOf(window: ReturnType<typeof userBetween>): [string, number][] | undefined {
  return window?.series.map(({ name, value }) => [name, value]);
}

test('counters of all pods add up, one that began anew counts from nothing, and one of a pod that has gone is not taken back', () => {
  const [first, second, third] = looks(
    [pod('a', counted(10)), pod('b', counted(5))],
    [pod('a', counted(12)), pod('b', counted(2)), pod('c', counted(7))],
    [pod('c', counted(8))],
  ) as [UserCounters, UserCounters, UserCounters];
  assert.deepEqual(valuesOf(userBetween(first, second)), [['seen_total', 2 + 2 + 7]]);
  assert.deepEqual(valuesOf(userBetween(second, third)), [['seen_total', 1]]);
  assert.deepEqual(valuesOf(userBetween(undefined, first)), [['seen_total', 15]]);
});

test('of what was sent the last value holds, whichever pod sent it; of other gauges the mean of all processes', () => {
  const [only] = looks([pod('a', gauge(0.9, 20), gauge(1), gauge(3)), pod('b', gauge(0.5, 10), gauge(8))]) as [UserCounters];
  assert.deepEqual(valuesOf(userBetween(undefined, only)), [
    ['spell:custom:confidence', 0.9],
    ['depth', 4],
  ]);
});

test('windows join to what one long one has: counters added up, gauges as they stood last', () => {
  const [first, second, third] = looks(
    [pod('a', counted(1), gauge(5))],
    [pod('a', counted(4), gauge(7))],
    [pod('a', counted(9), gauge(6))],
  ) as [UserCounters, UserCounters, UserCounters];
  const joined = joinUserWindows([userBetween(first, second), undefined, userBetween(second, third)]);
  assert.deepEqual(joined, userBetween(first, third));
  assert.deepEqual(valuesOf(joined), [
    ['seen_total', 8],
    ['depth', 6],
  ]);
  assert.equal(joinUserWindows([undefined]), undefined);
});

test('so many are kept, first those that were kept before, and how many are left out is told', () => {
  const many = Array.from({ length: 70 }, (_, index) => counted(1, String(index)));
  const [before, after] = looks([pod('a', counted(1, 'old', 'first_total'))], [pod('a', ...many, counted(3, 'old', 'first_total'))]) as [
    UserCounters,
    UserCounters,
  ];
  const window = userBetween(before, after);
  assert.deepEqual([window?.series.length, window?.leftOut], [mostSeries, 21]);
  assert.deepEqual(valuesOf(window)?.[0], ['first_total', 2]);
  const others = Array.from({ length: 30 }, (_, index) => counted(1, `other ${index}`));
  const joined = joinUserWindows([window, userBetween(undefined, userCounters(undefined, [pod('a', ...others)]))]);
  assert.deepEqual([joined?.series.length, joined?.leftOut], [mostSeries, 21 + 30]);
  assert.ok(others.every(({ labels }) => joined?.series.some((series) => series.labels.kind === labels.kind)));
});

test('pods are asked only where there are such metrics; a time in which they cannot be is made up for by the next', async (t) => {
  const control = await makeTestControl(t);
  const { platform, store } = control;
  await control.call('POST', '/model-servers', { name: 'digits', settings: {}, code: await control.code({ 'p.py': '1' }) });
  await control.settle();
  platform.obey();
  await control.settle();
  let now = 0;
  const file = join(await makeFolder(t), 'metrics.db');
  const history = new MetricsHistory({ store, platform, view: new PlatformView(), now: () => new Date(now), say: assert.fail, file });
  history.start();
  t.after(() => history.end());
  let asked = 0;
  let answer: () => Promise<PodUserMetrics[]> = async () => [];
  platform.userMetrics = () => {
    asked++;
    return answer();
  };
  const look = async (userMetrics: boolean): Promise<void> => {
    const batches = { count: 0, requests: 0, sizes: [], reasons: { full: 0, 'worker-free': 0, timeout: 0, drain: 0 } };
    platform.seenTraffic = { queueDepth: 0, inFlight: 0, pods: [], batches, userMetrics };
    await history.look();
    now += 5000;
  };
  await look(false);
  await look(false);
  assert.equal(asked, 0);
  answer = async () => [pod('a', counted(3))];
  await look(true);
  answer = () => Promise.reject(new Error('nobody answers'));
  await look(true);
  answer = async () => [pod('a', counted(10))];
  await look(true);
  assert.equal(asked, 3);
  now -= 5000;
  assert.deepEqual(
    history
      .points({ owner: 'local', name: 'digits' }, 60_000, 5000)
      .map(({ time, seconds, userMetrics }) => [time, seconds, ...userMetrics.map(({ value }) => value)]),
    [
      ['1970-01-01T00:00:05.000Z', 5],
      ['1970-01-01T00:00:10.000Z', 5, 3],
      ['1970-01-01T00:00:20.000Z', 10, 7],
    ],
  );
});
