import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf } from '../../api/histogram.ts';
import type { ObservedTraffic, PodTraffic } from '../../api/traffic.ts';
import { summarizeTraffic } from './traffic.ts';

const none = { count: 0, sumMs: 0, buckets: [] };

function podOf(pod: string | null, answered: number, refused: number, ms: number): PodTraffic {
  const total = {
    count: answered,
    sumMs: answered * ms,
    buckets: answered === 0 ? [] : [[bucketOf(ms * 1000), answered] as [number, number]],
  };
  const answers = [
    { status: 200, cause: 'answered' as const, count: answered },
    { status: 429, cause: 'queue-full' as const, count: refused },
  ].filter(({ count }) => count > 0);
  return { pod, answers, stages: { total, queue: none, prepare: none, predict: none, reply: none } };
}

const batches: ObservedTraffic['batches'] = {
  count: 0,
  requests: 0,
  sizes: [],
  reasons: { full: 0, 'worker-free': 0, timeout: 0, drain: 0 },
};

test('counts of all pods, also of those that are gone, add up exactly, and quantiles are those of all', () => {
  const summary = summarizeTraffic({
    queueDepth: 3,
    inFlight: 5,
    pods: [podOf(null, 10, 7, 1), podOf('a', 80, 0, 10), podOf('b', 10, 0, 1000)],
    batches: { ...batches, count: 4, requests: 10 },
  });
  assert.deepEqual(summary.answers, [
    { status: 200, cause: 'answered', count: 100 },
    { status: 429, cause: 'queue-full', count: 7 },
  ]);
  assert.equal(summary.requests, 107);
  assert.deepEqual(summary.pods, [
    { pod: 'a', requests: 80 },
    { pod: 'b', requests: 10 },
  ]);
  const { total, queue } = summary.stages;
  assert.deepEqual([total?.count, total?.meanMs, queue], [100, 108.1, null]);
  for (const [told, exact] of [
    [total?.p50Ms, 10],
    [total?.p90Ms, 10],
    [total?.p95Ms, 1000],
  ] as const)
    assert.ok(Math.abs((told ?? 0) - exact) <= exact * 0.01, `${told} for ${exact}`);
  assert.equal(summary.batches?.meanSize, 2.5);
});

test('nothing was asked: there is nothing to tell', () => {
  const { requests, stages, batches: told } = summarizeTraffic({ queueDepth: 0, inFlight: 0, pods: [podOf(null, 0, 0, 0)], batches });
  assert.deepEqual([requests, stages.total, told], [0, null, null]);
});
