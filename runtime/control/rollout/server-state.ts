import type { ModelServerState, ObservedPod, StartFailure } from '../../api/objects.ts';
import type { ObservedModelServer } from '../../platform/platform.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';

/** How a model server is, in the words of the specification, and why when it is not well. */
export interface ServerCondition {
  state: ModelServerState;
  reason: string | null;
  failure: StartFailure | null;
}

/**
 * The state of a model server (`spec/behaviour.md` §4). Nothing stores it: it follows from the record and from what is
 * seen, so it cannot be out of date. Pure.
 */
export function conditionOf(server: ModelServerRecord, rollout: RolloutRecord, observed: ObservedModelServer | null): ServerCondition {
  if (server.lifecycle === 'stopping' || server.lifecycle === 'stopped') return well(server.lifecycle);
  if (rollout.state === 'progressing' && rollout.from !== null) return well('updating');
  if (rollout.state === 'progressing') return well(firstStage(rollout, observed));
  if (server.active === null) return { state: 'failed', reason: rollout.reason, failure: rollout.failure };
  return answering(server.active, observed);
}

function well(state: ModelServerState): ServerCondition {
  return { state, reason: null, failure: null };
}

/** requested (nobody has seen it) → created (its pods are made, or what they need) → starting (a predictor is being loaded). */
function firstStage(rollout: RolloutRecord, observed: ObservedModelServer | null): ModelServerState {
  const seen = observed?.revisions.find(({ revision }) => revision === rollout.revision);
  if (!seen) return 'requested';
  return seen.pods.some(({ state }) => state !== 'created') ? 'starting' : 'created';
}

/** A revision that was ready: it runs with one ready pod, and fails when none is and one of them has failed before. */
function answering(active: number, observed: ObservedModelServer | null): ServerCondition {
  const seen = observed?.revisions.find(({ revision }) => revision === active);
  const pods = seen?.pods ?? [];
  if (pods.some(({ state }) => state === 'ready')) return well('running');
  const ill = pods.find(isIll);
  const failure = seen?.failure ?? null;
  if (!ill && !failure) return well('starting');
  const { code, message, hint, file, line, class: name } = failure ?? {};
  return {
    state: 'failing',
    reason: message ?? ill?.reason ?? 'none of its pods is ready',
    failure:
      code === undefined || message === undefined
        ? null
        : { code, message, hint: hint ?? null, file: file ?? null, line: line ?? null, class: name ?? null },
  };
}

function isIll({ state, restarts }: ObservedPod): boolean {
  return state === 'unhealthy' || state === 'backing-off' || state === 'failed' || (state !== 'draining' && restarts > 0);
}
