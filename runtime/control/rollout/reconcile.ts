import type { DesiredModelServer, DesiredRevision, ObservedModelServer, RevisionSpec } from '../../platform/platform.ts';
import { podsWanted } from '../autoscaling/pods-wanted.ts';
import type { NewEvent } from '../events.ts';
import type { Shortage } from '../placement/place.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RevisionState } from '../store/revisions-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';
import { noRoomBeside, progressOf, stageOfShortage } from './progress.ts';

/** What is stored of one model server, as far as decisions need it. */
export interface Stored {
  server: ModelServerRecord;
  /** Undefined only while it is being removed. */
  rollout: RolloutRecord | undefined;
  /** The specification of one of its revisions. */
  spec: (revision: number) => RevisionSpec;
  /** Why not all pods of a revision have a place; undefined when they have. */
  shortage: (revision: number) => Shortage | undefined;
  /** Whether the platform has said that it forgot the model server. */
  forgotten: boolean;
}

/** What follows from the stored and the observed. Deciding again from its own outcome changes nothing. */
export interface Decision {
  server: ModelServerRecord;
  rollout: RolloutRecord | undefined;
  /** Revisions whose state changes with it. */
  revisions: { revision: number; state: Exclude<RevisionState, 'pending'> }[];
  events: NewEvent[];
  /** What the platform is to make so: `remove` to forget it, `gone` when it has. */
  desired: DesiredModelServer | 'remove' | 'gone';
  /** When to decide again although nothing was observed. */
  wakeAt: Date | null;
}

/**
 * The control plane's one decision: from what is wanted and what is seen to what should be, for one model server. It
 * says whole states, so a decision that was lost with its process is made again by the next one. Pure.
 *
 * `observed` is null while the platform shows nothing at all: then nothing is concluded from what is not seen.
 */
export function reconcile(stored: Stored, observed: ObservedModelServer | null, now: Date): Decision {
  const { server, rollout } = stored;
  if (server.lifecycle === 'removing' || rollout === undefined) return removing(stored, observed);
  const unchanged: Decision = { server, rollout, revisions: [], events: [], desired: 'remove', wakeAt: null };
  if (server.lifecycle !== 'running') return stopping(unchanged, observed);

  const advanced = observed === null ? unchanged : drained(advance(unchanged, rollout, stored, observed, now), observed, now);
  const deadline = advanced.rollout?.deadline ?? null;
  return { ...advanced, desired: desiredState(advanced, stored.spec), wakeAt: deadline === null ? null : new Date(deadline) };
}

function removing({ server, rollout, forgotten }: Stored, observed: ObservedModelServer | null): Decision {
  const gone = forgotten && observed !== null && !hasPods(observed);
  return { server, rollout, revisions: [], events: [], desired: gone ? 'gone' : 'remove', wakeAt: null };
}

function stopping(decision: Decision, observed: ObservedModelServer | null): Decision {
  const { owner, name, lifecycle } = decision.server;
  const desired: DesiredModelServer = { owner, name, serving: null, stopped: true, revisions: [] };
  if (lifecycle === 'stopped' || observed === null || hasPods(observed)) return { ...decision, desired };
  const stopped: NewEvent = { type: 'server.stopped', object: `${owner}/${name}`, message: 'the model server is stopped' };
  return { ...decision, server: { ...decision.server, lifecycle: 'stopped' }, events: [stopped], desired };
}

/** Moves a rollout that waits for its pods. */
function advance(
  decision: Decision,
  rollout: RolloutRecord,
  { spec, shortage }: Stored,
  observed: ObservedModelServer,
  now: Date,
): Decision {
  if (rollout.state !== 'progressing') return decision;
  const { revision, from } = rollout;
  const object = `${decision.server.owner}/${decision.server.name}`;
  const seen = observed.revisions.find((each) => each.revision === revision);
  const wanted = podsWanted(decision.server, spec(revision).settings);
  const short = shortage(revision);
  const blocked = short?.heldByOwn === true && from !== null && rollout.recreate === null;
  const progress = blocked
    ? noRoomBeside(rollout, from, decision.server, short)
    : progressOf(rollout, spec(revision).settings, wanted, seen, now);

  if (progress.outcome === 'failed') {
    const fallback =
      from === null ? '' : `; revision ${from} ${rollout.recreate === 'replacing' ? 'is started again' : 'goes on answering'}`;
    const { reason, failure } = progress.rollout;
    return {
      ...decision,
      rollout: { ...progress.rollout, endedAt: now.toISOString() },
      revisions: revision === from ? [] : [{ revision, state: 'failed' }],
      events: [
        { type: 'rollout.failed', object, message: `revision ${revision} failed: ${reason}${fallback}`, data: { revision, from, failure } },
      ],
    };
  }
  if (progress.outcome === 'ready') {
    return {
      ...decision,
      server: { ...decision.server, active: revision },
      rollout: { ...progress.rollout, state: 'draining' },
      revisions:
        revision === from ? [] : [{ revision, state: 'active' }, ...(from === null ? [] : [{ revision: from, state: 'retired' as const }])],
      events: [{ type: 'rollout.switched', object, message: `revision ${revision} answers from now on`, data: { revision, from } }],
    };
  }
  // Nothing that could get ready is late: what has no place waits for one.
  const waiting = { ...progress.rollout, ...(short && { stage: stageOfShortage(short, wanted), deadline: null }) };
  const { stage } = waiting;
  const type = short ? 'pod.unschedulable' : 'rollout.progress';
  const told: NewEvent[] =
    stage === null || stage === rollout.stage ? [] : [{ type, object, message: `revision ${revision}: ${stage}`, data: { revision } }];
  const isPrepared = seen !== undefined && seen.preparing === null && seen.failure === null;
  const recreate = waiting.recreate === 'preparing' && isPrepared ? 'replacing' : waiting.recreate;
  return { ...decision, rollout: { ...waiting, recreate }, events: told };
}

/** Ends a rollout once no pod of another revision is left. */
function drained(decision: Decision, observed: ObservedModelServer, now: Date): Decision {
  const { server, rollout } = decision;
  if (rollout?.state !== 'draining') return decision;
  if (observed.revisions.some(({ revision, pods }) => revision !== server.active && pods.length > 0)) return decision;
  const succeeded: NewEvent = {
    type: 'rollout.succeeded',
    object: `${server.owner}/${server.name}`,
    message: `revision ${rollout.revision} is rolled out`,
    data: { revision: rollout.revision },
  };
  return { ...decision, rollout: { ...rollout, state: 'complete', endedAt: now.toISOString() }, events: [...decision.events, succeeded] };
}

/**
 * While a rollout waits, the old revision answers and both have pods; where none answered before, the new one may as soon as it can.
 * One that recreates lets the old revision go once the new one lacks nothing but its place.
 */
function desiredState({ server, rollout }: Decision, spec: Stored['spec']): DesiredModelServer {
  const waiting = rollout?.state === 'progressing' ? rollout : undefined;
  const replacing = waiting?.recreate === 'replacing';
  const serving = waiting ? ((replacing ? null : waiting.from) ?? waiting.revision) : server.active;
  const numbers = new Set([serving, waiting?.revision ?? null].filter((revision) => revision !== null));
  const revisions = [...numbers].map((revision): DesiredRevision => {
    const found = spec(revision);
    const comesLater = waiting?.recreate === 'preparing' && revision === waiting.revision;
    return { revision, pods: comesLater ? 0 : podsWanted(server, found.settings), spec: found };
  });
  return { owner: server.owner, name: server.name, serving, stopped: false, revisions };
}

function hasPods({ revisions }: ObservedModelServer): boolean {
  return revisions.some(({ pods }) => pods.length > 0);
}
