import { SpellError } from '../../../api/errors.ts';
import { digest as digestSchema, type Pruned } from '../../../api/objects.ts';
import type { Contents } from '../../store/contents.ts';
import type { Handlers } from '../handlers.ts';

type ContentRoutes = 'missingContents' | 'putContent' | 'getContent' | 'pruneContents';

/** Contents, by digest. */
export function contentsHandlers(contents: Contents, prune: (dryRun: boolean) => Promise<Pruned>): Pick<Handlers, ContentRoutes> {
  return {
    pruneContents: ({ body }) => prune(body.dryRun === true),
    missingContents: async ({ body }) => ({ missing: await contents.missing(body.digests) }),
    putContent: async ({ params, body }) => {
      await contents.put(checkDigest(params.digest), body);
      return null;
    },
    getContent: async ({ params }) => {
      const digest = checkDigest(params.digest);
      const bytes = await contents.open(digest);
      return { bytes, size: (await contents.size(digest)) ?? 0 };
    },
  };
}

/** A digest names a file of ours, so nothing else may get that far. */
function checkDigest(text: string): string {
  if (digestSchema.safeParse(text).success) return text;
  throw new SpellError('bad-request', `${JSON.stringify(text)} is no digest`, 'a digest is written sha256: and 64 hexadecimal digits');
}
