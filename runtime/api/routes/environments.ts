import * as z from 'zod/mini';
import { environment, prunedEnvironments } from '../objects.ts';
import type { Route } from './route.ts';

/** Of the Python environments that are kept. */
export const environmentsRoutes = {
  listEnvironments: {
    method: 'GET',
    path: '/environments',
    summary: 'The Python environments that are kept for revisions, those used last first',
    answer: z.array(environment),
    status: 200,
  },
  pruneEnvironments: {
    method: 'POST',
    path: '/environments/prune',
    summary: 'Removes the environments that no revision in use needs; they are made again when they are needed',
    body: z.strictObject({ dryRun: z.optional(z.boolean()) }),
    answer: prunedEnvironments,
    status: 200,
  },
} as const satisfies Record<string, Route>;
