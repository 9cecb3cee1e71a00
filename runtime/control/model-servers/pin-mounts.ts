import { mountOf } from '../../api/mounts.ts';
import type { PinnedMount } from '../../platform/platform.ts';
import type { Resources } from '../resources.ts';
import type { Contents } from '../store/contents.ts';

/**
 * What the mounts hold now: like a model version, it stays as it is in every pod of the revision, whatever becomes of
 * the resource. Throws `not-found` for a resource that is not there.
 */
export function pinMounts(resources: Resources, contents: Contents, said: readonly string[] = []): Promise<PinnedMount[]> {
  return Promise.all(
    said.map(mountOf).map(async ({ resource, path }) => {
      const { ref, files } = resources.files(resource);
      // A single file of a resource stands in the mount's place itself.
      const isFile = files.length === 1 && ref.path.split('/').at(-1) === files[0]?.path;
      const placed = files.map((file) => ({ ...file, path: isFile ? path : `${path}/${file.path}` }));
      return { resource, path, manifest: await contents.putManifest(placed) };
    }),
  );
}
