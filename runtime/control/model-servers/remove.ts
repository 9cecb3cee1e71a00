import { SpellError } from '../../api/errors.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { find, isAtRest, type ModelServerContext, objectOf } from './context.ts';

/**
 * Removes a model server for good; when it resolves, its endpoint is gone, while its pods may still drain. Rejects with
 * `running` while it has pods, unless forced.
 */
export async function remove(context: ModelServerContext, key: ServerKey, force: boolean): Promise<void> {
  const { store, events } = context;
  const found = find(context, key);
  if (!force && !isAtRest(found)) {
    throw new SpellError(
      'running',
      `the model server ${key.name} is running and must be stopped before it can be removed`,
      `spell server stop ${key.name}, or --force, which stops it first`,
    );
  }
  store.change(() => {
    store.modelServers.put({ ...found.server, lifecycle: 'removing', active: null, pending: null });
    store.rollouts.removeAll(key);
    store.revisions.removeAll(key);
    events.append({ type: 'server.removed', object: objectOf(key), message: 'the model server was removed' });
  });
  await context.changed(key);
}
