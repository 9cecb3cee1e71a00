import type { Operation, UpdateRequest } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { beginRollout } from './begin-rollout.ts';
import { find, isAtRest, type ModelServerContext, objectOf } from './context.ts';
import { addRevision } from './new-revision.ts';
import { gather, nextRevision } from './next-revision.ts';
import { noOperation, rolloutOperation } from './operations.ts';

/**
 * Makes a new revision from the former one and what the update says, and rolls it out. A stopped model server stays
 * stopped: the revision waits for its next start. An update that changes nothing real makes no revision.
 */
export async function update(context: ModelServerContext, key: ServerKey, request: UpdateRequest): Promise<Operation> {
  const { store, events } = context;
  const materials = await gather(context, key, request);
  const since = events.last();
  const changed = store.change(() => {
    const found = find(context, key);
    const { isSame, ...making } = nextRevision(context, found, request, materials);
    // What never got ready is tried again, also unchanged: its reason may have lain outside of it.
    if (isSame && !(found.server.lifecycle === 'running' && isAtRest(found))) return false;
    const server = addRevision(context, found.server, making);
    if (server.lifecycle === 'running') beginRollout(context, server, server.lastRevision, request.recreate);
    else {
      store.modelServers.put({ ...server, pending: server.lastRevision });
      events.append({ type: 'server.changed', object: objectOf(key), message: `revision ${server.lastRevision} waits for the next start` });
    }
    return true;
  });
  if (!changed) return noOperation(context, key, since);
  context.changed(key);
  return rolloutOperation(context, key, since);
}
