import * as z from 'zod/mini';
import { environment, environmentLog, prunedEnvironments } from '../objects.ts';
import type { Route } from './route.ts';

/** Of the Python environments that are kept. */
export const environmentsRoutes = {
  listEnvironments: {
    method: 'GET',
    path: '/environments',
    summary:
      'The Python environments that are kept for revisions, those that are being made or could not be among them, those used last first',
    answer: z.array(environment),
    status: 200,
  },
  environmentLog: {
    method: 'GET',
    path: '/environments/:id/log',
    summary: 'What installers printed while an environment was made, or could not be: the last lines',
    answer: environmentLog,
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
