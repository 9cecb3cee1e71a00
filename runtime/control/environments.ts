import { madeFrom } from '../api/environment-parts.ts';
import { SpellError } from '../api/errors.ts';
import type { Environment, EnvironmentLog, PrunedEnvironments } from '../api/objects.ts';
import { shownSize } from '../api/shown-size.ts';
import type { KeptEnvironment, Platform } from '../platform/platform.ts';
import type { Events, NewEvent } from './events.ts';
import { objectOf } from './model-servers/context.ts';
import { revisionsInUse } from './model-servers/users.ts';
import type { Store } from './store/store.ts';

/** The environments of the platform with the revisions that were made with them, as far as those are there. */
export async function listEnvironments(store: Store, platform: Platform): Promise<Environment[]> {
  return ((await platform.environments?.()) ?? []).map((each) => describe(store, each));
}

/** What was printed while one was made. Throws `not-found`. */
export async function environmentLog(platform: Platform, id: string): Promise<EnvironmentLog> {
  const lines = (await platform.environmentLog?.(id)) ?? null;
  if (lines === null) {
    throw new SpellError('not-found', `there is no environment ${JSON.stringify(id)}`, 'those that there are: spell env list -o json');
  }
  return { lines };
}

/**
 * Removes the environments that no revision in use needs: none that a model server answers with, is rolling out, or would start
 * with. With `dryRun` it only tells. A rollback to a revision whose environment is gone makes it again.
 */
export async function pruneEnvironments(store: Store, platform: Platform, events: Events, dryRun: boolean): Promise<PrunedEnvironments> {
  const unused = (await listEnvironments(store, platform)).filter(({ inUse }) => !inUse);
  if (dryRun || !platform.removeEnvironments) return { removed: unused, dryRun };
  const gone = new Set(await platform.removeEnvironments(unused.map(({ id }) => id)));
  const removed = unused.filter(({ id }) => gone.has(id));
  store.change(() => events.append(...removed.map(removedEvent)));
  return { removed, dryRun };
}

function removedEvent(environment: Environment): NewEvent {
  const { id, size } = environment;
  return {
    type: 'environment.removed',
    object: `environments/${id}`,
    message: `the environment with ${madeFrom(environment)} was removed, ${shownSize(size)}`,
  };
}

function describe(store: Store, { uses, inUse, ...facts }: KeptEnvironment): Environment {
  const usedBy = uses.flatMap(({ owner, name, revision, at }) => {
    const server = store.modelServers.get({ owner, name });
    const record = server && store.revisions.get(server, revision);
    // One of an earlier model server of that name has nothing to do with it.
    if (!record || record.createdAt > at) return [];
    return [{ server: objectOf(server), revision, state: record.state, inUse: revisionsInUse(store, server).includes(revision) }];
  });
  return { ...facts, inUse: inUse || usedBy.some((user) => user.inUse), usedBy };
}
