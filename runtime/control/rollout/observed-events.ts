import type { ObservedPod, PodState } from '../../api/objects.ts';
import type { Observation, ObservedRevision } from '../../platform/platform.ts';
import type { NewEvent } from '../events.ts';

/**
 * What happened between two looks at the platform, as far as people care. A pod that came and went between them was
 * not seen. Pure.
 */
export function observedEvents(before: Observation, after: Observation): NewEvent[] {
  const old = revisionsByName(before);
  const now = revisionsByName(after);
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [
    ...gatewayEvents(before, after),
    ...[...keys].flatMap((key) => revisionEvents(key.slice(0, key.lastIndexOf('@')), old.get(key), now.get(key))),
  ];
}

function gatewayEvents({ endpoint: before }: Observation, { endpoint: after }: Observation): NewEvent[] {
  if (before === after) return [];
  if (after === null)
    return [{ type: 'gateway.lost', object: 'gateway', message: 'the gateway does not answer; it is being started again' }];
  return [{ type: 'gateway.started', object: 'gateway', message: `the gateway answers at ${after}` }];
}

/** Every revision seen, by `OWNER/NAME@REVISION`. */
function revisionsByName({ servers }: Observation): Map<string, ObservedRevision> {
  return new Map(
    servers.flatMap(({ owner, name, revisions }) => revisions.map((revision) => [`${owner}/${name}@${revision.revision}`, revision])),
  );
}

function revisionEvents(object: string, before: ObservedRevision | undefined, after: ObservedRevision | undefined): NewEvent[] {
  const number = after?.revision ?? before?.revision ?? 0;
  const old = new Map(before?.pods.map((pod) => [pod.id, pod]));
  const now = new Map(after?.pods.map((pod) => [pod.id, pod]));
  const about = (pod: ObservedPod): Pick<NewEvent, 'object' | 'data'> => ({ object, data: { revision: number, pod: pod.id } });
  const gone = [...old.values()]
    .filter(({ id }) => !now.has(id))
    .map((pod): NewEvent => ({ type: 'pod.gone', ...about(pod), message: `pod ${pod.id} is gone` }));
  const seen = [...now.values()].flatMap((pod) => podEvents(old.get(pod.id), pod).map((event): NewEvent => ({ ...event, ...about(pod) })));
  return [...environmentEvents(object, number, before, after), ...seen, ...gone];
}

function environmentEvents(
  object: string,
  revision: number,
  before: ObservedRevision | undefined,
  after: ObservedRevision | undefined,
): NewEvent[] {
  const [was, is] = [before?.preparing ?? null, after?.preparing ?? null];
  if (was === is || after === undefined) return [];
  const data = { revision };
  if (is !== null) return [{ type: 'environment.progress', object, message: `revision ${revision}: ${is}`, data }];
  if (after.failure) return [{ type: 'environment.failed', object, message: `revision ${revision}: ${after.failure.message}`, data }];
  return [{ type: 'environment.ready', object, message: `revision ${revision} has all that it needs to start`, data }];
}

/** What people are told of a pod in such a state. */
const illnesses: Partial<Record<PodState, string>> = {
  unhealthy: 'gets no requests, because it is not well',
  'backing-off': 'waits before it tries again',
  failed: 'has failed',
};

type Told = Omit<NewEvent, 'object' | 'data'>;

function podEvents(before: ObservedPod | undefined, { id, state, reason, restarts }: ObservedPod): Told[] {
  const why = reason === null ? '' : `: ${reason}`;
  const told: Told[] = before ? [] : [{ type: 'pod.created', message: `pod ${id} was created` }];
  if (before && restarts > before.restarts) told.push({ type: 'pod.restarting', message: `pod ${id} starts a worker again${why}` });
  if (state === before?.state) return told;
  if (state === 'ready') told.push({ type: 'pod.ready', message: `pod ${id} is ready` });
  const ill = illnesses[state];
  if (ill !== undefined) told.push({ type: 'pod.unhealthy', message: `pod ${id} ${ill}${why}` });
  return told;
}
