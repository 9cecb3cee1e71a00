import * as z from 'zod/mini';
import { modelSummary, modelVersion } from '../objects.ts';
import { none, type Route } from './route.ts';

/** Of models and their versions. */
export const modelsRoutes = {
  listModels: {
    method: 'GET',
    path: '/models',
    summary: 'All models, with their latest version',
    answer: z.array(modelSummary),
    status: 200,
  },
  createModel: {
    method: 'POST',
    path: '/models',
    summary: 'Makes the next version of a model from a resource',
    body: z.strictObject({
      name: z.optional(z.string()),
      version: z.optional(z.string()),
      resource: z.string(),
      /** `PATH[:DEST]`, as after `--file`. */
      files: z.optional(z.array(z.string())),
      description: z.optional(z.string()),
    }),
    answer: modelVersion,
    status: 201,
  },
  describeModel: {
    method: 'GET',
    path: '/models/:name',
    summary: 'All versions of a model, newest first',
    answer: z.array(modelVersion),
    status: 200,
  },
  describeModelVersion: { method: 'GET', path: '/models/:name/:version', summary: 'One version', answer: modelVersion, status: 200 },
  removeModel: {
    method: 'DELETE',
    path: '/models/:name',
    summary: 'Removes a model; refused while a model server uses it',
    answer: none,
    status: 204,
  },
  removeModelVersion: {
    method: 'DELETE',
    path: '/models/:name/:version',
    summary: 'Removes a version; refused while a model server uses it',
    answer: none,
    status: 204,
  },
} as const satisfies Record<string, Route>;
