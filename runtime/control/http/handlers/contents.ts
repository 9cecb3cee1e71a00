import { SpellError } from '../../../api/errors.ts';
import { digest as digestSchema } from '../../../api/objects.ts';
import type { Contents } from '../../store/contents.ts';
import type { Handlers } from '../handlers.ts';

/** Contents, by digest. */
export function contentsHandlers(contents: Contents): Pick<Handlers, 'missingContents' | 'putContent' | 'getContent'> {
  return {
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
