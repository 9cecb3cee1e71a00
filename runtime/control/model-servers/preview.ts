import type { Preview, ServeRequest, UpdateRequest } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { changesBetween } from './changes.ts';
import { find, type ModelServerContext } from './context.ts';
import { gather, nextRevision } from './next-revision.ts';
import { checkServe } from './serve.ts';

/** What serving would do. Throws whatever serving would refuse. */
export async function previewServe(context: ModelServerContext, request: ServeRequest): Promise<Preview> {
  await checkServe(context, request);
  return { action: 'create', changes: [] };
}

/** What an update would change. Throws whatever the update would refuse. */
export async function previewUpdate(context: ModelServerContext, key: ServerKey, request: UpdateRequest): Promise<Preview> {
  const materials = await gather(context, key, request);
  const { base, spec, isSame } = nextRevision(context, find(context, key), request, materials);
  return { action: isSame ? 'none' : 'update', changes: changesBetween(base.spec, spec, (digest) => context.contents.manifest(digest)) };
}
