import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedPod } from '../../api/objects.ts';
import type { ObservedRevision } from '../../platform/platform.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';
import { seenPod, seenRevision } from '../testing/fake-platform.ts';
import { conditionOf } from './server-state.ts';

const server: ModelServerRecord = {
  owner: 'local',
  name: 'a',
  lifecycle: 'running',
  lastRevision: 1,
  active: 1,
  pending: null,
  pods: null,
  createdAt: '',
  creator: '',
};
const done: RolloutRecord = {
  id: 1,
  revision: 1,
  from: null,
  recreate: null,
  state: 'complete',
  reason: null,
  failure: null,
  log: [],
  stage: null,
  ready: 1,
  deadline: null,
  startedAt: '',
  endedAt: null,
};

function stateWith(...pods: ObservedPod[]): string {
  const revision: ObservedRevision = { ...seenRevision(1, []), pods };
  const { state, reason } = conditionOf(server, done, { owner: 'local', name: 'a', serving: 1, revisions: [revision] });
  return reason === null ? state : `${state}: ${reason}`;
}

test('a server that was ready runs with one ready pod, starts with new ones, and fails with ill ones', () => {
  assert.equal(stateWith(seenPod('a', 'ready'), seenPod('b', 'backing-off', { restarts: 2 })), 'running');
  assert.equal(stateWith(seenPod('a', 'starting')), 'starting');
  assert.equal(stateWith(), 'starting');
  assert.equal(stateWith(seenPod('a', 'unhealthy', { reason: 'its health check fails' })), 'failing: its health check fails');
  assert.equal(stateWith(seenPod('a', 'starting', { restarts: 1 })), 'failing: none of its pods is ready');
  assert.equal(conditionOf(server, done, null).state, 'starting', 'what is not seen is not ill');
});

test('a failed first rollout is failed for its own reason', () => {
  const failure = { code: 'no-predictor', message: 'no predictor', hint: null, file: null, line: null, class: null };
  const failed: RolloutRecord = { ...done, state: 'failed', reason: failure.message, failure };
  assert.deepEqual(conditionOf({ ...server, active: null }, failed, null), { state: 'failed', reason: 'no predictor', failure });
});

test('an update is updating until the new revision answers, and running while the old one drains', () => {
  assert.equal(conditionOf(server, { ...done, from: 1, revision: 2, state: 'progressing' }, null).state, 'updating');
  const observed = { owner: 'local', name: 'a', serving: 1, revisions: [seenRevision(1, ['ready'])] };
  assert.equal(conditionOf(server, { ...done, state: 'draining' }, observed).state, 'running');
});
