import { isDeepStrictEqual } from 'node:util';
import type { ServedFrom, UpdateRequest } from '../../api/objects.ts';
import type { SettingKey } from '../../api/settings.ts';
import type { RevisionSpec, ServerKey } from '../../platform/platform.ts';
import { checkNodeGroup } from '../placement/check-node-group.ts';
import type { RevisionRecord } from '../store/revisions-table.ts';
import { baseRevision, type Found, find, type ModelServerContext, objectOf } from './context.ts';
import { makeSpec, pinModels, type RevisionMaking, takeCode } from './new-revision.ts';
import { pinMounts } from './pin-mounts.ts';
import { updateSaid } from './said.ts';

/** What an update brings along and is stored before anything is decided. Absent: as it was. */
export type Materials = Partial<Pick<RevisionSpec, 'code' | 'mounts'>>;

/** A revision that could be made, beside the one that it builds on. */
export interface NextRevision extends RevisionMaking {
  base: RevisionRecord;
  /** It differs from its base in nothing. */
  isSame: boolean;
}

/** Checks and stores what an update brings along. Throws what is wrong with the update. */
export async function gather(context: ModelServerContext, key: ServerKey, request: UpdateRequest): Promise<Materials> {
  const said = updateSaid(baseOf(context, find(context, key)).said, request, key.name);
  checkNodeGroup(request.settings ?? {}, await context.nodeGroups());
  return {
    ...(request.code && { code: await takeCode(context, request.code) }),
    ...(says(request, 'mounts') && { mounts: await pinMounts(context.resources, context.contents, said.mounts) }),
  };
}

/** The revision that an update makes of the one before. */
export function nextRevision(context: ModelServerContext, found: Found, request: UpdateRequest, materials: Materials): NextRevision {
  const base = baseOf(context, found);
  const said = updateSaid(base.said, request, found.server.name);
  const spec = makeSpec(said, {
    models: says(request, 'model') ? pinModels(context, said.model) : base.spec.models,
    mounts: materials.mounts ?? base.spec.mounts ?? [],
    code: materials.code ?? base.spec.code,
  });
  return { base, said, spec, servedFrom: servedFrom(request, base), isSame: isDeepStrictEqual(spec, base.spec) };
}

/** Where the new revision was taken from: what the request does not touch was taken where it was before. */
function servedFrom(request: UpdateRequest, { servedFrom: before }: RevisionRecord): ServedFrom | null {
  const told = request.code ? (request.code.servedFrom ?? null) : before;
  if (!told) return null;
  const { config: _, ...from } = told;
  const config = request.code?.servedFrom?.config ?? (says(request, 'config') ? undefined : before?.config);
  return { ...from, ...(config === undefined ? {} : { config }) };
}

function says({ settings, unset, replace }: UpdateRequest, key: SettingKey): boolean {
  return replace === true || settings?.[key] !== undefined || unset?.includes(key) === true;
}

function baseOf({ store }: ModelServerContext, found: Found): RevisionRecord {
  const number = baseRevision(found);
  const record = store.revisions.get(found.server, number);
  if (!record) throw new Error(`revision ${number} of ${objectOf(found.server)} is not stored`);
  return record;
}
