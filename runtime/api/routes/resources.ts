import * as z from 'zod/mini';
import { manifest, registerRun, resource, resourceDetail, runLogLine } from '../objects.ts';
import { flag, none, type Route } from './route.ts';

/** Of uploads and runs. */
export const resourcesRoutes = {
  listResources: { method: 'GET', path: '/resources', summary: 'All resources', answer: z.array(resource), status: 200 },
  createUpload: {
    method: 'POST',
    path: '/resources/uploads',
    summary: 'Registers an upload; one of the same name is replaced',
    body: z.strictObject({ name: z.string(), files: manifest }),
    answer: resource,
    status: 201,
  },
  registerRun: {
    method: 'POST',
    path: '/resources/runs',
    summary: 'Registers a command that was run, with its log and the files that it made, under the next number',
    body: registerRun,
    answer: resource,
    status: 201,
  },
  runLog: {
    method: 'GET',
    path: '/resources/runs/:number/log',
    summary: 'What the command of a run printed; `tail` says how many of the last lines',
    query: z.object({ tail: z.optional(z.string()) }),
    answer: { lines: runLogLine },
    status: 200,
  },
  describeResource: {
    method: 'GET',
    path: '/resources/:kind/:name',
    summary: 'A resource and its files',
    answer: resourceDetail,
    status: 200,
  },
  removeResource: {
    method: 'DELETE',
    path: '/resources/:kind/:name',
    summary: 'Removes a resource; refused while a model uses it, unless `force`',
    query: z.object({ force: flag }),
    answer: none,
    status: 204,
  },
} as const satisfies Record<string, Route>;
