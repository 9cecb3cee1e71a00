import type { Pruned } from '../../api/objects.ts';
import type { Contents } from './contents.ts';
import type { Store } from './store.ts';

/** How long a content is kept that nothing names: what is being sent is registered last. */
const unnamedMs = 3_600_000;

/**
 * Removes the contents that no resource, run, model version or revision needs any more, and tells of those that are too
 * young to go. With `dryRun` it only tells. A manifest that cannot be read ends it before anything is removed: what it
 * would have named is not known.
 */
export async function pruneContents(store: Store, contents: Contents, now: Date, dryRun: boolean): Promise<Pruned> {
  const pruned: Pruned = { removed: { contents: 0, bytes: 0 }, tooYoung: { contents: 0, bytes: 0 }, dryRun };
  const before = new Date(now.getTime() - unnamedMs);
  for await (const { digest, size, usedAt } of contents.unnamed(named(store, contents))) {
    const goes = dryRun ? usedAt < before : contents.remove(digest, before);
    const sum = goes ? pruned.removed : pruned.tooYoung;
    sum.contents += 1;
    sum.bytes += size;
  }
  return pruned;
}

/** Every digest that something in the store leads to. */
function named(store: Store, contents: Contents): ReadonlySet<string> {
  const manifests = new Set([
    ...store.resources.all().map(({ manifest }) => manifest),
    ...store.models.manifests(),
    ...store.revisions.manifests(),
  ]);
  const keep = new Set([...manifests, ...store.runs.logs()]);
  for (const digest of manifests) for (const file of contents.manifest(digest)) keep.add(file.digest);
  return keep;
}
