import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RevisionFailure } from '../../api/objects.ts';
import { withDefaults } from '../../api/settings.ts';
import { randomBelow } from '../../api/testing/random.ts';
import type { ObservedModelServer, RevisionSpec } from '../../platform/platform.ts';
import type { Shortage } from '../placement/place.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';
import { seenPod, seenRevision } from '../testing/fake-platform.ts';
import { type Decision, reconcile, type Stored } from './reconcile.ts';

const start = new Date('2026-01-01T00:00:00Z');
const key = { owner: 'local', name: 'a' };

function spec(pods = 1): RevisionSpec {
  return {
    settings: withDefaults({ 'min-pods': pods, 'startup-timeout': 30 }),
    models: [],
    code: { entrypoint: 'p.py', manifest: 'sha256:0' },
  };
}

function serverRecord(more: Partial<ModelServerRecord> = {}): ModelServerRecord {
  return {
    ...key,
    lifecycle: 'running',
    lastRevision: 2,
    active: 1,
    pending: null,
    pods: null,
    createdAt: start.toISOString(),
    creator: 'ada',
    ...more,
  };
}

function rolloutRecord(more: Partial<RolloutRecord> = {}): RolloutRecord {
  const none = { recreate: null, reason: null, failure: null, log: [], stage: null, ready: 0, deadline: null, endedAt: null };
  return { id: 1, revision: 2, from: 1, state: 'progressing', startedAt: start.toISOString(), ...none, ...more };
}

function stored(server: ModelServerRecord, rollout: RolloutRecord, pods: Record<number, number> = {}, shortage?: Shortage): Stored {
  return { server, rollout, spec: (revision) => spec(pods[revision]), shortage: () => shortage, forgotten: false };
}

function seen(...revisions: ObservedModelServer['revisions']): ObservedModelServer {
  return { ...key, serving: null, revisions };
}

function failure(more: Partial<RevisionFailure> = {}): RevisionFailure {
  return { code: 'init-error', message: 'it raised', hint: null, file: 'p.py', line: 3, class: 'P', log: ['l'], final: false, ...more };
}

/** A decision in one line: what answers, which pods, how the rollout is, what was told. */
function inShort({ desired, rollout, events }: Decision): string {
  const pods =
    typeof desired === 'string'
      ? desired
      : `${desired.serving} [${desired.revisions.map(({ revision, pods: count }) => `${revision}×${count}`).join(' ')}]`;
  return `${pods} ${rollout?.state} ${events.map(({ type }) => type).join(' ')}`.trim();
}

const cases: { name: string; from?: number | null; pods?: Record<number, number>; observed: ObservedModelServer | null; expect: string }[] =
  [
    { name: 'nothing is seen at all', observed: null, expect: '1 [1×1 2×1] progressing' },
    { name: 'the new revision is not seen yet', observed: seen(seenRevision(1, ['ready'])), expect: '1 [1×1 2×1] progressing' },
    {
      name: 'it starts',
      observed: seen(seenRevision(1, ['ready']), seenRevision(2, ['starting'])),
      expect: '1 [1×1 2×1] progressing rollout.progress',
    },
    {
      name: 'it is ready, the old one drains',
      observed: seen(seenRevision(1, ['ready']), seenRevision(2, ['ready'])),
      expect: '2 [2×1] draining rollout.switched',
    },
    {
      name: 'it is ready and no old pod is left: both at once',
      observed: seen(seenRevision(2, ['ready'])),
      expect: '2 [2×1] complete rollout.switched rollout.succeeded',
    },
    {
      name: 'only some of its pods are ready',
      pods: { 2: 3 },
      observed: seen(seenRevision(1, ['ready']), seenRevision(2, ['ready', 'ready', 'starting'])),
      expect: '1 [1×1 2×3] progressing rollout.progress',
    },
    {
      name: 'the old pods died meanwhile: it is not given up for that',
      observed: seen(seenRevision(1, ['backing-off']), seenRevision(2, ['starting'])),
      expect: '1 [1×1 2×1] progressing rollout.progress',
    },
    {
      name: 'trying again cannot help',
      observed: seen(seenRevision(1, ['ready']), seenRevision(2, ['starting'], { failure: failure({ final: true }) })),
      expect: '1 [1×1] failed rollout.failed',
    },
    {
      name: 'it failed once and may recover',
      observed: seen(seenRevision(1, ['ready']), seenRevision(2, ['backing-off'], { failure: failure() })),
      expect: '1 [1×1 2×1] progressing rollout.progress',
    },
    {
      name: 'it failed too often',
      observed: seen(seenRevision(1, ['ready']), {
        ...seenRevision(2, [], { failure: failure() }),
        pods: [seenPod('x', 'backing-off', { restarts: 3 })],
      }),
      expect: '1 [1×1] failed rollout.failed',
    },
    { name: 'first rollout: it may answer as soon as it can', from: null, observed: seen(), expect: '2 [2×1] progressing' },
    {
      name: 'first rollout failed: it has no pods any more',
      from: null,
      observed: seen(seenRevision(2, ['failed'], { failure: failure() })),
      expect: 'null [] failed rollout.failed',
    },
  ];

for (const { name, from = 1, pods, observed, expect } of cases) {
  test(`while revision 2 is rolled out: ${name}`, () => {
    const before = stored(serverRecord({ active: from }), rolloutRecord({ from }), pods);
    const decision = reconcile(before, observed, start);
    assert.equal(inShort(decision), expect);
    const again = reconcile({ ...before, server: decision.server, rollout: decision.rollout }, observed, start);
    assert.deepEqual(
      [again.events, again.rollout, again.desired],
      [[], decision.rollout, decision.desired],
      'deciding again changes nothing',
    );
  });
}

test('the clock of a rollout begins when pods are there, begins anew with each that gets ready, and stands while an environment is made', () => {
  let state = stored(serverRecord(), rolloutRecord(), { 2: 2 });
  const at = (seconds: number, ...revisions: ObservedModelServer['revisions']): string | null => {
    const decision = reconcile(state, seen(...revisions), new Date(start.getTime() + seconds * 1000));
    state = { ...state, server: decision.server, rollout: decision.rollout };
    return decision.wakeAt?.toISOString().slice(11, 19) ?? decision.rollout?.state ?? null;
  };
  assert.equal(at(0), 'progressing');
  assert.equal(at(10, seenRevision(2, [], { preparing: 'numpy' })), 'progressing');
  assert.equal(at(100, seenRevision(2, ['starting', 'starting'])), '00:02:25');
  assert.equal(at(110, seenRevision(2, ['starting', 'starting'])), '00:02:25');
  assert.equal(at(140, seenRevision(2, ['ready', 'starting'])), '00:03:05');
  assert.equal(at(184, seenRevision(2, ['ready', 'starting'])), '00:03:05');
  assert.equal(at(185, seenRevision(2, ['ready', 'starting'])), 'failed');
});

const shortage = (heldByOwn: boolean): Shortage => ({ pods: 1, reason: 'each pod needs 3 CPUs', heldByOwn });

test('a first revision without a place waits for one, however long, and is told once', () => {
  const state = stored(serverRecord({ active: null }), rolloutRecord({ revision: 1, from: null }), {}, shortage(false));
  const first = reconcile(state, seen(seenRevision(1, [])), start);
  assert.equal(inShort(first), '1 [1×1] progressing pod.unschedulable');
  assert.equal(first.rollout?.stage, '1 of 1 pod is unschedulable: each pod needs 3 CPUs');
  const muchLater = reconcile({ ...state, rollout: first.rollout }, seen(seenRevision(1, [])), new Date(start.getTime() + 86_400_000));
  assert.equal(inShort(muchLater), '1 [1×1] progressing');
});

test('an update or a rollback that only the old revision keeps from starting fails at once, and says how it can', () => {
  const decision = reconcile(stored(serverRecord(), rolloutRecord(), {}, shortage(true)), seen(seenRevision(1, ['ready'])), start);
  assert.equal(inShort(decision), '1 [1×1] failed rollout.failed');
  assert.equal(decision.rollout?.failure?.message, 'revision 2 has no room beside revision 1: each pod needs 3 CPUs');
  assert.match(decision.rollout?.failure?.hint ?? '', /spell server update a … --recreate/);
  const back = stored(serverRecord({ active: 2 }), rolloutRecord({ revision: 1, from: 2 }), {}, shortage(true));
  const rollback = reconcile(back, seen(seenRevision(2, ['ready'])), start);
  assert.match(rollback.rollout?.failure?.hint ?? '', /spell server rollback a --to 1 --recreate/);
});

test('one that recreates keeps the old revision until the new one lacks only its place, and starts it again when the new one fails', () => {
  const state = stored(serverRecord(), rolloutRecord({ recreate: 'preparing' }), {}, shortage(true));
  const after = (rollout: RolloutRecord | undefined): Stored => ({ ...state, rollout });
  const preparing = reconcile(state, seen(seenRevision(1, ['ready']), seenRevision(2, [], { preparing: 'packages' })), start);
  assert.match(inShort(preparing), /^1 \[1×1 2×0\] progressing/);
  const prepared = reconcile(after(preparing.rollout), seen(seenRevision(1, ['ready']), seenRevision(2, [])), start);
  assert.match(inShort(prepared), /^2 \[2×1\] progressing/);
  assert.match(inShort(reconcile(after(prepared.rollout), null, start)), /^2 \[2×1\] progressing/, 'also for who takes over');
  const ready = reconcile(after(prepared.rollout), seen(seenRevision(2, ['ready'])), start);
  assert.equal(inShort(ready), '2 [2×1] complete rollout.switched rollout.succeeded');
  const broken = seenRevision(2, ['failed'], { failure: failure({ final: true }) });
  const failed = reconcile(after(prepared.rollout), seen(broken), start);
  assert.equal(inShort(failed), '1 [1×1] failed rollout.failed');
  assert.match(failed.events[0]?.message ?? '', /revision 1 is started again/);
});

test('a stopped server has no pods and is stopped once none is seen', () => {
  const stopping = stored(serverRecord({ lifecycle: 'stopping' }), rolloutRecord({ state: 'complete' }));
  const desired = { ...key, serving: null, stopped: true, revisions: [] };
  assert.deepEqual(reconcile(stopping, null, start).desired, desired);
  const draining = reconcile(stopping, seen(seenRevision(1, ['draining'])), start);
  assert.deepEqual([draining.server.lifecycle, draining.desired], ['stopping', desired]);
  const stopped = reconcile(stopping, seen(), start);
  assert.deepEqual([stopped.server.lifecycle, stopped.desired, stopped.events[0]?.type], ['stopped', desired, 'server.stopped']);
});

test('a removed server is kept until the platform has forgotten it and shows none of its pods', () => {
  const removing: Stored = { ...stored(serverRecord({ lifecycle: 'removing' }), rolloutRecord()), rollout: undefined };
  assert.equal(reconcile(removing, seen(), start).desired, 'remove');
  assert.equal(reconcile({ ...removing, forgotten: true }, null, start).desired, 'remove');
  assert.equal(reconcile({ ...removing, forgotten: true }, seen(seenRevision(1, ['draining'])), start).desired, 'remove');
  assert.equal(reconcile({ ...removing, forgotten: true }, seen(), start).desired, 'gone');
});

test('whatever the pods do, a revision that answered goes on answering until another is ready', () => {
  const states = ['created', 'starting', 'ready', 'unhealthy', 'backing-off', 'failed', 'draining'] as const;
  for (let seed = 1; seed <= 300; seed++) {
    const pick = randomBelow(seed);
    const from = pick(2) === 0 ? null : 1;
    let state = stored(serverRecord({ active: from }), rolloutRecord({ from }), { 1: 1 + pick(2), 2: 1 + pick(3) });
    for (let step = 0; step < 40; step++) {
      const revisions = [1, 2]
        .filter(() => pick(4) > 0)
        .map((revision) =>
          seenRevision(
            revision,
            Array.from({ length: pick(4) }, () => states[pick(states.length)] ?? 'created'),
            { failure: pick(6) === 0 ? failure({ final: pick(2) === 0 }) : null },
          ),
        );
      const now = new Date(start.getTime() + step * pick(20) * 1000);
      const decision = reconcile(state, pick(8) === 0 ? null : seen(...revisions), now);
      const { desired, server, rollout } = decision;
      const message = `seed ${seed}, step ${step}`;
      assert.ok(typeof desired !== 'string' && rollout, message);
      if (desired.serving !== null)
        assert.ok(
          desired.revisions.some(({ revision }) => revision === desired.serving),
          `${message}: what answers has pods`,
        );
      if (state.server.active !== null) assert.notEqual(desired.serving, null, `${message}: something answers`);
      if (server.active !== state.server.active) {
        const ready = revisions.find(({ revision }) => revision === server.active)?.pods.filter((pod) => pod.state === 'ready').length ?? 0;
        assert.ok(ready >= state.spec(server.active ?? 0).settings['min-pods'], `${message}: only a ready revision takes over`);
      }
      if (rollout.state === 'failed') assert.equal(server.active, from, `${message}: a failed rollout leaves what was`);
      state = { ...state, server, rollout };
    }
  }
});
