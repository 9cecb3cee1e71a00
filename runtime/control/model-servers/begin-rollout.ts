import type { Found, ModelServerContext } from './context.ts';
import { objectOf } from './context.ts';

/**
 * Begins the rollout of a revision, from the one that answers now if one does. A rollout that is still waiting for its
 * pods is superseded by it. With `recreate` the old one ends first, where it is another one. Part of the caller's transaction.
 */
export function beginRollout(context: ModelServerContext, server: Found['server'], revision: number, asked = false): void {
  const { store, events, author } = context;
  const recreate = asked && server.active !== null && server.active !== revision;
  endRollout(context, server, `revision ${revision} took its place`);
  store.modelServers.put({ ...server, lifecycle: 'running', pending: null });
  store.rollouts.begin(server, revision, server.active, author.now().toISOString(), recreate);
  if (revision !== server.active) store.revisions.setState(server, revision, 'rolling-out');
  events.append({
    type: 'rollout.started',
    object: objectOf(server),
    message:
      server.active === null
        ? `revision ${revision} is being started`
        : `revision ${revision} is being rolled out; revision ${server.active} answers until ${recreate ? 'all that it needs is there, and ends then' : 'it is ready'}`,
    data: { revision, from: server.active },
  });
}

/** Ends what the last rollout still had to do, because something else is wanted now. Part of the caller's transaction. */
export function endRollout({ store, events, author }: ModelServerContext, server: Found['server'], reason: string): void {
  const last = store.rollouts.last(server);
  if (last === undefined || (last.state !== 'progressing' && last.state !== 'draining')) return;
  const endedAt = author.now().toISOString();
  if (last.state === 'draining') {
    store.rollouts.update({ ...last, state: 'complete', endedAt });
    return;
  }
  store.rollouts.update({ ...last, state: 'superseded', reason, deadline: null, endedAt });
  if (last.revision !== server.active) store.revisions.setState(server, last.revision, 'retired');
  events.append({
    type: 'rollout.superseded',
    object: objectOf(server),
    message: `the rollout of revision ${last.revision} was given up: ${reason}`,
    data: { revision: last.revision },
  });
}
