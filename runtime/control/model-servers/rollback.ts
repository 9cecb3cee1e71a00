import { SpellError } from '../../api/errors.ts';
import type { Operation, RollbackRequest } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { beginRollout } from './begin-rollout.ts';
import { type Found, find, type ModelServerContext, objectOf } from './context.ts';
import { rolloutOperation } from './operations.ts';

/**
 * Rolls out an older revision, which becomes active again under its own number: the one that answers while a rollout is
 * going on, else the one that answered before, else `to`. A stopped model server stays stopped and starts with it. With
 * `recreate` the one that answers now ends first.
 *
 * Throws `not-found` for a revision that does not exist and `conflict` where there is nothing to go back to.
 */
export function rollback(context: ModelServerContext, key: ServerKey, { to, recreate }: RollbackRequest): Operation {
  const { store, events } = context;
  const since = events.last();
  const found = find(context, key);
  const { server, rollout } = found;
  const target = to ?? previousRevision(context, found);
  if (!store.revisions.get(key, target)) {
    throw new SpellError('not-found', `${key.name} has no revision ${target}`, `see: spell server revisions ${key.name}`);
  }
  const settled = server.lifecycle !== 'running' || rollout.state !== 'progressing';
  if (target === (server.pending ?? server.active) && settled) {
    throw new SpellError(
      'conflict',
      `revision ${target} is the current one`,
      `choose another with --to: spell server revisions ${key.name}`,
    );
  }
  store.change(() => {
    if (server.lifecycle === 'running') beginRollout(context, server, target, recreate);
    else {
      store.modelServers.put({ ...server, pending: target });
      events.append({ type: 'server.changed', object: objectOf(key), message: `revision ${target} waits for the next start` });
    }
  });
  context.changed(key);
  return rolloutOperation(context, key, since);
}

function previousRevision({ store }: ModelServerContext, { server, rollout }: Found): number {
  if (server.active !== null && server.lifecycle === 'running' && rollout.state === 'progressing') return server.active;
  const [previous] = store.revisions
    .all(server)
    .filter(({ revision, activatedAt }) => activatedAt !== null && revision !== server.active)
    .sort((a, b) => ((a.activatedAt ?? '') > (b.activatedAt ?? '') ? -1 : 1));
  if (previous) return previous.revision;
  throw new SpellError(
    'conflict',
    `${server.name} has no earlier revision that was ready`,
    `choose one with --to: spell server revisions ${server.name}`,
  );
}
