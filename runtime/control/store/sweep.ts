import type { Contents } from './contents.ts';
import type { Store } from './store.ts';

/** How long a content is kept that nothing names: what is being sent is registered last. */
const unnamedMs = 3_600_000;

/**
 * Removes the contents that no resource, model version or revision needs any more. Returns the bytes freed. A manifest
 * that cannot be read ends it before anything is removed: what it would have named is not known.
 */
export async function sweepContents(store: Store, contents: Contents, now: Date): Promise<number> {
  const manifests = new Set([
    ...store.resources.all().map(({ manifest }) => manifest),
    ...store.models.manifests(),
    ...store.revisions.manifests(),
  ]);
  const keep = new Set(manifests);
  for (const digest of manifests) for (const file of contents.manifest(digest)) keep.add(file.digest);
  return contents.sweep(keep, new Date(now.getTime() - unnamedMs));
}
