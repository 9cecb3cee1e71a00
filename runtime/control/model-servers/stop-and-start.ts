import type { Operation } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { beginRollout, endRollout } from './begin-rollout.ts';
import { find, isAtRest, type ModelServerContext, objectOf } from './context.ts';
import { noOperation, rolloutOperation, stopOperation } from './operations.ts';

/** Takes a model server off line; its endpoint stays and answers 503. A rollout that was waiting for its pods is given up. */
export function stop(context: ModelServerContext, key: ServerKey): Operation {
  const { store, events } = context;
  const since = events.last();
  const { server, rollout } = find(context, key);
  if (server.lifecycle !== 'running') return noOperation(context, key, since);
  store.change(() => {
    endRollout(context, server, 'the model server was stopped');
    // Without a revision that was ready, the one that was being tried is what a start has to try again.
    const pending = server.active === null ? rollout.revision : null;
    if (pending !== null) store.revisions.setState(key, pending, 'pending');
    store.modelServers.put({ ...server, lifecycle: 'stopping', pending, pods: null });
    events.append({ type: 'server.changed', object: objectOf(key), message: 'the model server is being stopped; what runs may finish' });
  });
  context.changed(key);
  return stopOperation(context, key, since);
}

/** Starts a stopped or failed model server again: the revision that was made meanwhile, else the one that answered last. */
export function start(context: ModelServerContext, key: ServerKey): Operation {
  const { store, events } = context;
  const since = events.last();
  const found = find(context, key);
  if (!isAtRest(found)) return noOperation(context, key, since);
  const { server, rollout } = found;
  const revision = server.pending ?? server.active ?? rollout.revision;
  store.change(() => {
    // Nothing answers until it is ready, so there is nothing to go back to by itself.
    if (server.active !== null && server.active !== revision) store.revisions.setState(key, server.active, 'retired');
    beginRollout(context, { ...server, active: null }, revision);
    events.append({ type: 'server.changed', object: objectOf(key), message: 'the model server is being started' });
  });
  context.changed(key);
  return rolloutOperation(context, key, since);
}
