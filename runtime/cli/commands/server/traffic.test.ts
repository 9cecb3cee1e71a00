import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { BatchRecord, RequestRecord, TrafficSummary } from '../../../api/traffic.ts';
import { fakeControlPlane, makeCommand } from '../../testing.ts';

const time = '2026-01-01T00:00:00.000Z';

const batch: BatchRecord = {
  time,
  id: 'w0-17',
  pod: 'cifar-1-abc',
  worker: 0,
  size: 3,
  reason: 'worker-free',
  after: 'w0-16',
  waitedMs: { longest: 12.25, shortest: 0.042 },
  predictMs: 120.4,
  isolated: true,
  outcome: { running: 0, answered: 2, failed: 1, gone: 0, retried: 0 },
  requests: ['a', 'b', 'c'],
};

const request: RequestRecord = {
  time,
  id: 'a',
  status: 200,
  cause: 'answered',
  totalMs: 133,
  queueMs: 12.25,
  prepareMs: null,
  predictMs: 120.4,
  replyMs: 0.1,
  ahead: 2,
  batch: 'w0-17',
  pod: 'cifar-1-abc',
  worker: 0,
};

const durations = { count: 3, meanMs: 1.5, p50Ms: 1, p90Ms: 2, p95Ms: 2.5, p99Ms: 130 };

const traffic: TrafficSummary = {
  queueDepth: 1,
  inFlight: 2,
  requests: 3,
  answers: [{ status: 200, cause: 'answered', count: 3 }],
  stages: { total: durations, queue: durations, prepare: null, predict: durations, reply: durations },
  batches: { count: 2, requests: 3, meanSize: 1.5, sizes: [], reasons: { full: 1, 'worker-free': 1, timeout: 0, drain: 0 } },
  pods: [{ pod: 'cifar-1-abc', requests: 3 }],
};

const server = {
  name: 'cifar',
  owner: 'local',
  state: 'running',
  url: 'http://127.0.0.1:8000/local/cifar',
  pods: { ready: 1, total: 1 },
  revision: 1,
  models: [],
  createdAt: time,
  curl: 'curl …',
  reason: null,
  failure: null,
  rollout: null,
  spec: {},
  batching: null,
  paths: null,
  python: null,
  creator: 'ada',
  podList: [],
};

describe('what happens to requests', () => {
  test('server batches shows why each began, after whom, how long it waited and what became of it', async (t) => {
    const { spell, home } = await makeCommand(t);
    await fakeControlPlane(t, home, { 'GET /model-servers/local/cifar/batches': [batch, { ...batch, waitedMs: null, after: null }] });
    const { stdout } = await spell(['server', 'batches', 'cifar']);
    const [headings, first, second] = stdout.split('\n');
    assert.match(headings ?? '', /^BATCH +POD +BEGAN +SIZE +REASON +AFTER +WAITED +PREDICT +OUTCOME$/);
    assert.match(
      first ?? '',
      /^w0-17 +cifar-1-abc +2026-01-01 .* 3 +worker-free +w0-16 +12\.3 … 0\.042 +120 +2 answered, 1 failed \(taken apart\)$/,
    );
    assert.match(second ?? '', /worker-free +- +- +120/);
    const asJson = await spell(['server', 'batches', 'cifar', '-o', 'json']);
    assert.deepEqual((JSON.parse(asJson.stdout) as BatchRecord[])[0], batch);
  });

  test('server requests shows the stages of each and its cause', async (t) => {
    const { spell, home } = await makeCommand(t);
    await fakeControlPlane(t, home, { 'GET /model-servers/local/cifar/requests': [request] });
    const { stdout } = await spell(['server', 'requests', 'cifar', '--last', '5']);
    const [headings, first] = stdout.split('\n');
    assert.match(headings ?? '', /^ID +ENDED +STATUS +CAUSE +AHEAD +QUEUE +PREPARE +PREDICT +REPLY +BATCH +POD$/);
    assert.match(first ?? '', /^a +2026-01-01 .* 200 +answered +2 +12\.3 +- +120 +0\.100 +w0-17 +cifar-1-abc\/0$/);
    const odd = await spell(['server', 'requests', 'cifar', '--last', 'many']);
    assert.deepEqual([odd.status, /"many" is not a number of requests/.test(odd.stderr)], [2, true]);
  });

  test('server describe sums up counts, quantiles of the stages and batches; nothing where nothing was asked', async (t) => {
    const { spell, home } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home, {
      'GET /model-servers/local/cifar': server,
      'GET /model-servers/local/cifar/traffic': traffic,
    });
    const { stdout } = await spell(['server', 'describe', 'cifar']);
    assert.match(stdout, /In flight +2, of which 1 wait for a worker\n/);
    assert.match(stdout, /Requests +3 so far\n +3 +200 +answered\n/);
    assert.match(stdout, /Latency +ms +mean +p50 +p90 +p95 +p99\n +total +1\.5 +1\.0 +2\.0 +2\.5 +130\n/);
    assert.doesNotMatch(stdout, /prepare/);
    assert.match(stdout, /Batches +2 of 1\.5 requests on average\n +began because: full 1, worker-free 1\n/);
    const asJson = await spell(['server', 'describe', 'cifar', '-o', 'json']);
    assert.deepEqual((JSON.parse(asJson.stdout) as { traffic: TrafficSummary }).traffic, traffic);
    plane.answers['GET /model-servers/local/cifar/traffic'] = (_: unknown, response: ServerResponse) => response.end('null');
    assert.doesNotMatch((await spell(['server', 'describe', 'cifar'])).stdout, /In flight/);
  });
});
