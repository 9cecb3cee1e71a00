import * as z from 'zod/mini';

/** How the endpoint speaks: plain HTTP, or HTTPS with files of the user's, or with a certificate that Spell makes for itself. */
export const tlsChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off') }),
  /** Absolute paths of files in PEM. */
  z.object({ kind: z.literal('files'), certificate: z.string(), key: z.string() }),
  z.object({ kind: z.literal('self-signed') }),
]);
export type TlsChoice = z.infer<typeof tlsChoice>;
