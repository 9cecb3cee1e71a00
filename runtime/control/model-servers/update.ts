import { isDeepStrictEqual } from 'node:util';
import type { Operation, ServedFrom, UpdateRequest } from '../../api/objects.ts';
import type { SettingKey } from '../../api/settings.ts';
import type { ServerKey } from '../../platform/platform.ts';
import type { RevisionRecord } from '../store/revisions-table.ts';
import { beginRollout } from './begin-rollout.ts';
import { baseRevision, type Found, find, isAtRest, type ModelServerContext, objectOf } from './context.ts';
import { addRevision, makeSpec, pinModels, takeCode } from './new-revision.ts';
import { noOperation, rolloutOperation } from './operations.ts';
import { pinMounts } from './pin-mounts.ts';
import { updateSaid } from './said.ts';

/**
 * Makes a new revision from the former one and what the update says, and rolls it out. A stopped model server stays
 * stopped: the revision waits for its next start. An update that changes nothing real makes no revision.
 */
export async function update(context: ModelServerContext, key: ServerKey, request: UpdateRequest): Promise<Operation> {
  const { store, events } = context;
  const first = updateSaid(baseOf(context, find(context, key)).said, request, key.name);
  const code = request.code && (await takeCode(context, request.code));
  const mounts = says(request, 'mounts') ? await pinMounts(context.resources, context.contents, first.mounts) : undefined;

  const since = events.last();
  const changed = store.change(() => {
    const found = find(context, key);
    const base = baseOf(context, found);
    const said = updateSaid(base.said, request, key.name);
    const spec = makeSpec(said, {
      models: says(request, 'model') ? pinModels(context, said.model) : base.spec.models,
      mounts: mounts ?? base.spec.mounts ?? [],
      code: code ?? base.spec.code,
    });
    // What never got ready is tried again, also unchanged: its reason may have lain outside of it.
    if (isDeepStrictEqual(spec, base.spec) && !(found.server.lifecycle === 'running' && isAtRest(found))) return false;
    const server = addRevision(context, found.server, {
      said,
      spec,
      servedFrom: servedFrom(request, base),
    });
    if (server.lifecycle === 'running') beginRollout(context, server, server.lastRevision);
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

/** Where the new revision was taken from: what the request does not touch was taken where it was before. */
function servedFrom(request: UpdateRequest, { servedFrom: before }: RevisionRecord): ServedFrom | null {
  const told = request.code ? (request.code.servedFrom ?? null) : before;
  if (!told) return null;
  const { config: _, ...from } = told;
  const config = request.code?.servedFrom?.config ?? (says(request, 'config') ? undefined : before?.config);
  return { ...from, ...(config === undefined ? {} : { config }) };
}

function says({ settings, unset }: UpdateRequest, key: SettingKey): boolean {
  return settings?.[key] !== undefined || unset?.includes(key) === true;
}

function baseOf({ store }: ModelServerContext, found: Found): RevisionRecord {
  const number = baseRevision(found);
  const record = store.revisions.get(found.server, number);
  if (!record) throw new Error(`revision ${number} of ${objectOf(found.server)} is not stored`);
  return record;
}
