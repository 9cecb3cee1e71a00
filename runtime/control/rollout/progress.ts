import type { ObservedPod, StartFailure } from '../../api/objects.ts';
import { podsReady } from '../../api/pods-ready.ts';
import type { EffectiveSettings } from '../../api/settings.ts';
import type { ObservedRevision } from '../../platform/platform.ts';
import type { Shortage } from '../placement/place.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';

/** How often the pods of a revision may fail to start before the revision is given up, where trying again could help. */
const startAttempts = 3;

/**
 * What a pod may take beyond its `startup-timeout` (being spawned, its first health check). The platform ends a start
 * that takes too long by itself, and knows the better reason; this is for pods that start and never get ready.
 */
const graceMs = 15_000;

/** A rollout after a look at its pods: `ready` when they can take over, `failed` with the reason, else still waiting. */
export type Progress = { outcome: 'waiting' | 'ready'; rollout: RolloutRecord } | { outcome: 'failed'; rollout: RolloutRecord };

/**
 * Looks at the pods of the revision that is rolled out, of which `wanted` should be ready. Its clock runs while pods could get ready, begins anew with each
 * that does, and stands still while nothing is observed or an environment is being made. Pure.
 */
export function progressOf(
  rollout: RolloutRecord,
  settings: EffectiveSettings,
  wanted: number,
  seen: ObservedRevision | undefined,
  now: Date,
): Progress {
  const pods = seen?.pods ?? [];
  const ready = pods.filter(({ state }) => state === 'ready').length;
  if (ready >= wanted) return { outcome: 'ready', rollout: { ...rollout, ready, deadline: null, stage: podsReady(ready, wanted) } };

  const failure = seen?.failure ?? null;
  const hopeless = pods.length > 0 && pods.every(({ state }) => state === 'failed');
  const givenUp = failure !== null && (failure.final || hopeless || attemptsOf(pods) >= startAttempts);
  if (givenUp) return failed(rollout, failure, failure.log, ready);

  const late = rollout.deadline !== null && now.toISOString() >= rollout.deadline;
  if (late) return failed(rollout, failure ?? lateness(settings, pods), failure?.log ?? [], ready);
  const next = { ...rollout, ready, deadline: deadlineOf(rollout, settings, seen, ready, now), stage: stageOf(seen, ready, wanted) };
  return { outcome: 'waiting', rollout: next };
}

/** The new revision cannot start beside the old one, which goes only when the new one is ready (`spec/behaviour.md` §4). */
export function noRoomBeside(
  rollout: RolloutRecord,
  from: number,
  { name, lastRevision }: ModelServerRecord,
  { reason }: Shortage,
): Extract<Progress, { outcome: 'failed' }> {
  // An older revision came by a rollback; the newest one by an update.
  const again = rollout.revision < lastRevision ? `rollback ${name} --to ${rollout.revision}` : `update ${name} …`;
  const failure: StartFailure = {
    code: 'unschedulable',
    message: `revision ${rollout.revision} has no room beside revision ${from}: ${reason}`,
    hint: `end the old one first, with a gap: spell server ${again} --recreate`,
    file: null,
    line: null,
    class: null,
  };
  return failed(rollout, failure, [], 0);
}

/** What a rollout waits for whose pods have no place yet. */
export function stageOfShortage({ pods, reason }: Shortage, wanted: number): string {
  return `${pods} of ${wanted} ${wanted === 1 ? 'pod is' : 'pods are'} unschedulable: ${reason}`;
}

function failed(rollout: RolloutRecord, failure: StartFailure, log: string[], ready: number): Extract<Progress, { outcome: 'failed' }> {
  const { code, message, hint, file, line, class: name } = failure;
  const kept: StartFailure = { code, message, hint, file, line, class: name };
  return { outcome: 'failed', rollout: { ...rollout, state: 'failed', reason: message, failure: kept, log, ready, deadline: null } };
}

/** A restart is one more attempt; the first start is none of them. */
function attemptsOf(pods: ObservedPod[]): number {
  return Math.max(0, ...pods.map(({ restarts }) => restarts));
}

function deadlineOf(
  rollout: RolloutRecord,
  settings: EffectiveSettings,
  seen: ObservedRevision | undefined,
  ready: number,
  now: Date,
): string | null {
  if (seen === undefined || seen.preparing !== null || seen.pods.length === 0) return null;
  if (rollout.deadline !== null && ready <= rollout.ready) return rollout.deadline;
  return new Date(now.getTime() + settings['startup-timeout'] * 1000 + graceMs).toISOString();
}

function stageOf(seen: ObservedRevision | undefined, ready: number, wanted: number): string | null {
  // What is being prepared is told by events of its own.
  if (seen === undefined || seen.preparing !== null) return null;
  if (ready > 0) return podsReady(ready, wanted);
  return seen.pods.length === 0 ? null : `starting ${wanted === 1 ? 'its pod' : `${wanted} pods`}`;
}

function lateness(settings: EffectiveSettings, pods: ObservedPod[]): StartFailure {
  const reason = pods.find((pod) => pod.reason !== null)?.reason;
  const waited = settings['startup-timeout'] + graceMs / 1000;
  return {
    code: 'startup-timeout',
    message: `its pods were not ready within ${waited} s${reason == null ? '' : `: ${reason}`}`,
    hint: 'look at its logs; a predictor that needs longer can be given it with --startup-timeout',
    file: null,
    line: null,
    class: null,
  };
}
