import type { SpellEvent } from '../../runtime/api/events.ts';
import { parseModelRef } from '../../runtime/api/names.ts';

/** What an event changes: one thing of a list, the environments, whose users are as many revisions, or everything. */
export type Concerned = { list: 'models' | 'modelServers' | 'resources'; key: string } | 'environments' | 'everything';

/** What has to be read again after an event. Pure; the compiler keeps it complete. */
export function concernedBy({ type, object }: Pick<SpellEvent, 'type' | 'object'>): readonly Concerned[] {
  switch (type) {
    case 'model.created':
    case 'model.removed':
      return [{ list: 'models', key: parseModelRef(object.replace(/^models\//, '')).name }];
    case 'resource.created':
    case 'resource.removed':
      return [{ list: 'resources', key: object }];
    case 'server.created':
    case 'server.changed':
    case 'server.scaled':
    case 'server.stopped':
    case 'rollout.progress':
    case 'rollout.switched':
    case 'pod.unschedulable':
    case 'pod.created':
    case 'pod.ready':
    case 'pod.unhealthy':
    case 'pod.restarting':
    case 'pod.gone':
      return [{ list: 'modelServers', key: object }];
    case 'server.removed':
    case 'rollout.started':
    case 'rollout.succeeded':
    case 'rollout.failed':
    case 'rollout.superseded':
    case 'environment.progress':
    case 'environment.ready':
    case 'environment.failed':
      return [{ list: 'modelServers', key: object }, 'environments'];
    case 'environment.removed':
      return ['environments'];
    case 'spelld.started':
    case 'spelld.stopping':
    case 'gateway.started':
    case 'gateway.lost':
    case 'server.overloaded':
    case 'server.relieved':
    case 'request.poisonous':
    case 'worker.died':
    case 'worker.out-of-memory':
    case 'worker.wedged':
      return [];
    case 'store.recovered':
      return ['everything'];
    default:
      return type satisfies never;
  }
}
