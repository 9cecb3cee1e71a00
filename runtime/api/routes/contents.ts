import * as z from 'zod/mini';
import { digest, pruned } from '../objects.ts';
import { none, type Route } from './route.ts';

/** Of what files contain, by digest. */
export const contentsRoutes = {
  missingContents: {
    method: 'POST',
    path: '/contents/missing',
    summary: 'Which of these contents have to be sent',
    body: z.strictObject({ digests: z.array(digest) }),
    answer: z.object({ missing: z.array(digest) }),
    status: 200,
  },
  putContent: { method: 'PUT', path: '/contents/:digest', summary: 'Sends one content', body: 'bytes', answer: none, status: 201 },
  getContent: { method: 'GET', path: '/contents/:digest', summary: 'One content', answer: 'bytes', status: 200 },

  pruneContents: {
    method: 'POST',
    path: '/contents/prune',
    summary: 'Removes the contents that nothing needs any more; never any that was sent or asked about within the hour',
    body: z.strictObject({ dryRun: z.optional(z.boolean()) }),
    answer: pruned,
    status: 200,
  },
} as const satisfies Record<string, Route>;
