import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricsPoint, ModelServer } from '../../runtime/api/objects.ts';
import { detailsText } from './details-text.ts';

const createdAt = '2026-01-02T03:04:05.678Z';

const digits = {
  name: 'digits',
  owner: 'local',
  state: 'running',
  url: 'http://127.0.0.1:1/local/digits',
  pods: { ready: 1, total: 1 },
  revision: 1,
  models: ['digits:v1'],
  createdAt,
  curl: "curl http://127.0.0.1:1/local/digits/predict -d '{}'",
  reason: null,
  failure: null,
  rollout: { state: 'complete', revision: 1, reason: null, stage: null, failure: null, log: [], servedFrom: null },
  spec: { 'min-pods': 1, description: 'a | b' },
  batching: null,
  scaling: null,
  paths: null,
  python: '/usr/bin/python3',
  servedFrom: null,
  creator: 'ada',
  podList: [
    { id: 'digits-1-a', revision: 1, state: 'ready', reason: null, createdAt, readyAt: createdAt, restarts: 0, workers: [{ pid: 7 }] },
  ],
} as ModelServer;
const nothing = { revisions: [], requests: [], metrics: [], events: [] };

test('a page of a server that is well: how to call it, what runs, what is set', () => {
  assert.equal(
    detailsText({ server: digits, ...nothing }),
    `# digits: running

1 of 1 pod ready, revision 1, created 2026-01-02 03:04:05Z by ada

## Endpoint

http://127.0.0.1:1/local/digits/predict

\`\`\`sh
curl http://127.0.0.1:1/local/digits/predict -d '{}'
\`\`\`

## Pods

| Pod | State | Revision | Restarts | Processes | Reason |
| --- | --- | --- | --- | --- | --- |
| digits-1-a | ready | 1 | 0 | 7 |  |

## Settings

| Setting | Value |
| --- | --- |
| models | digits:v1 |
| interpreter | /usr/bin/python3 |
| min-pods | 1 |
| description | a \\| b |
`,
  );
});

test('what is wrong comes first; a log that holds a fence does not end its own', () => {
  const failure = { code: 'init-raised', message: 'm', hint: 'is the key right?', file: 'p.py', line: 6, class: 'P' };
  const rollout = {
    state: 'failed' as const,
    revision: 2,
    reason: "KeyError: 'k'",
    stage: 'starting its pod',
    failure,
    log: ['```', 'Traceback'],
    servedFrom: null,
  };
  const text = detailsText({ server: { ...digits, state: 'failed', reason: "KeyError: 'k'", failure, rollout }, ...nothing });
  assert.match(
    text,
    /^# digits: failed\n\n> KeyError: 'k' {2}\n> in p\.py:6 {2}\n> → is the key right\?\n\n## Rollout of revision 2: failed\n\n````\n```\nTraceback\n````\n/,
  );
});

test('one that waits for room is called what it is, with what it lacks and what to do', () => {
  const podList = [
    {
      id: 'digits-1-waiting-1',
      revision: 1,
      state: 'unschedulable' as const,
      reason: 'r',
      createdAt,
      readyAt: null,
      restarts: 0,
      workers: [],
    },
  ];
  const text = detailsText({ server: { ...digits, state: 'created', reason: '1 pod is unschedulable: r', podList }, ...nothing });
  assert.match(text, /^# digits: unschedulable\n\n> 1 pod is unschedulable: r {2}\n> → it starts by itself once there is room: stop/);
});

test('what it did lately, what it mounts, between what it scales and why it moved last have their places', () => {
  const scaling = {
    minPods: 1,
    maxPods: 5,
    targets: [{ setting: 'target-requests-per-second' as const, target: 50, current: 12 }],
    notice: null,
    last: { time: createdAt, message: '1 → 2 pods: 80 requests/s per pod, target 50' },
  };
  const rate = { time: createdAt, seconds: 60, requests: 744, requestsPerSecond: 12.4, failed: 2, failures: { deadline: 2 } };
  const latency = { p50Ms: 3.1, p90Ms: 20, p95Ms: 40, p99Ms: 120, batchSize: null };
  const sent = { name: 'spell:custom:confidence', labels: { spell_metric_name: 'confidence', spell_tag: 'day' }, type: 'gauge' as const };
  const own = { userMetrics: [{ ...sent, value: 0.93 }], userMetricsLeftOut: 0 };
  const metrics: MetricsPoint[] = [{ ...rate, ...latency, cpu: 0.4, memoryBytes: 2048, pods: 2, queueDepth: 3, inFlight: 4, ...own }];
  const text = detailsText({ server: { ...digits, scaling, spec: { mounts: ['uploads/config:settings'] } }, ...nothing, metrics });
  assert.match(
    text,
    /## Last minutes\n(.*\n){3}\| 2026-01-02 03:04:05Z \| 12\.4 \| 2 \(deadline 2\) \| 3\.1 \| 40\.0 \| 120 \| 0\.4 \| 2\.0 KiB \| 2 \| 3 \|/,
  );
  const gpus = detailsText({
    server: digits,
    ...nothing,
    metrics: metrics.map((each) => ({ ...each, gpuUtilization: 0.25, gpuMemoryBytes: 4096 })),
  });
  assert.match(gpus, /\| Memory \| GPUs \| GPU memory \| Pods \|(.*\n){2}\|.*\| 2\.0 KiB \| 25 % \| 4\.0 KiB \| 2 \| 3 \|/);
  assert.match(text, /## Its own metrics\n(.*\n){3}\| confidence \(day\) \| gauge \| 0\.93 \|/);
  assert.match(text, /## Scaling\n\n1 to 5 pods; target-requests-per-second 50: 12 per pod now; last: 1 → 2 pods: 80 requests\/s/);
  assert.match(text, /## Mounts\n(.*\n){3}\| \/mounts\/settings \| uploads\/config \|/);
});
