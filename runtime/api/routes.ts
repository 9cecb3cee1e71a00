import * as z from 'zod/mini';
import { event } from './events.ts';
import {
  codeSnapshot,
  digest,
  environment,
  logLine,
  manifest,
  metricsPoint,
  modelServer,
  modelServerSummary,
  modelSummary,
  modelVersion,
  operation,
  pod,
  preview,
  pruned,
  prunedEnvironments,
  registerRun,
  resource,
  resourceDetail,
  revision,
  rollbackRequest,
  runLogLine,
  serveRequest,
  status,
  updateRequest,
} from './objects.ts';
import { batchRecord, requestRecord, trafficSummary } from './traffic.ts';

/**
 * One verb of the control plane's API: what checks its request, makes its line in the OpenAPI document, and types the
 * client. `stream` answers are server-sent events (`events`) or one JSON object a line (`lines`); `bytes` are raw.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `:name` for a parameter. */
  path: string;
  summary: string;
  query?: z.ZodMiniType;
  body?: z.ZodMiniType | 'bytes';
  answer: z.ZodMiniType | 'bytes' | { events: z.ZodMiniType } | { lines: z.ZodMiniType };
  status: 200 | 201 | 202 | 204;
}

const none = z.null();
const flag = z.optional(z.enum(['true', 'false']));

/** Every route, by the name that the client uses. */
export const routes = {
  status: {
    method: 'GET',
    path: '/status',
    summary: 'Versions, addresses, processes, disk used; with `measure` the disk is measured anew, which may take a moment',
    query: z.object({ measure: flag }),
    answer: status,
    status: 200,
  },
  shutdown: {
    method: 'POST',
    path: '/shutdown',
    summary: 'Stops the control plane; with `keep` the gateway goes on serving',
    body: z.strictObject({ keep: z.optional(z.boolean()) }),
    answer: none,
    status: 202,
  },
  replaceGateway: {
    method: 'POST',
    path: '/gateway/replace',
    summary: 'Ends the gateway, after what it is answering, for one of this build; its pods start again. Events tell how far that is',
    answer: none,
    status: 202,
  },
  holdLease: {
    method: 'GET',
    path: '/leases/:holder',
    summary: 'Never ends by itself. When no holder has been connected for 10 s, the control plane stops, with everything that runs',
    answer: { events: z.never() },
    status: 200,
  },
  giveBackLease: {
    method: 'DELETE',
    path: '/leases/:holder',
    summary: 'Ends what the holder of a lease was connected to; this stops nothing',
    answer: none,
    status: 204,
  },
  events: {
    method: 'GET',
    path: '/events',
    summary:
      'What happened, and what happens; resumes after `Last-Event-ID` or `since`, with the newest `tail` at most; without any from now',
    query: z.object({ since: z.optional(z.string()), tail: z.optional(z.string()), follow: flag }),
    answer: { events: event },
    status: 200,
  },

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

  listModelServers: {
    method: 'GET',
    path: '/model-servers',
    summary: 'All model servers',
    answer: z.array(modelServerSummary),
    status: 200,
  },
  serve: {
    method: 'POST',
    path: '/model-servers',
    summary: 'Creates a model server and starts it',
    body: serveRequest,
    answer: operation,
    status: 202,
  },
  describeModelServer: {
    method: 'GET',
    path: '/model-servers/:owner/:name',
    summary: 'All about one model server',
    answer: modelServer,
    status: 200,
  },
  update: {
    method: 'PATCH',
    path: '/model-servers/:owner/:name',
    summary: 'Makes a new revision and rolls it out',
    body: updateRequest,
    answer: operation,
    status: 202,
  },
  previewServe: {
    method: 'POST',
    path: '/model-servers/preview',
    summary: 'Checks a model server as if it were to be served; nothing is changed',
    body: serveRequest,
    answer: preview,
    status: 200,
  },
  previewUpdate: {
    method: 'POST',
    path: '/model-servers/:owner/:name/preview',
    summary: 'Checks an update and tells what it would change; nothing is changed',
    body: updateRequest,
    answer: preview,
    status: 200,
  },
  stop: {
    method: 'POST',
    path: '/model-servers/:owner/:name/stop',
    summary: 'Drains its pods; its endpoint answers 503',
    answer: operation,
    status: 202,
  },
  start: {
    method: 'POST',
    path: '/model-servers/:owner/:name/start',
    summary: 'Starts a stopped model server again',
    answer: operation,
    status: 202,
  },
  rollback: {
    method: 'POST',
    path: '/model-servers/:owner/:name/rollback',
    summary: 'Rolls out an older revision: the one before, or `to`',
    body: rollbackRequest,
    answer: operation,
    status: 202,
  },
  removeModelServer: {
    method: 'DELETE',
    path: '/model-servers/:owner/:name',
    summary: 'Removes a model server; a running one only with `force`',
    query: z.object({ force: flag }),
    answer: none,
    status: 204,
  },
  listPods: { method: 'GET', path: '/model-servers/:owner/:name/pods', summary: 'Its pods', answer: z.array(pod), status: 200 },
  listRevisions: {
    method: 'GET',
    path: '/model-servers/:owner/:name/revisions',
    summary: 'Its revisions, newest first',
    answer: z.array(revision),
    status: 200,
  },
  describeRevisionCode: {
    method: 'GET',
    path: '/model-servers/:owner/:name/revisions/:revision/code',
    summary: 'The files of a revision’s code; `/contents/DIGEST` has what is in one',
    answer: codeSnapshot,
    status: 200,
  },
  traffic: {
    method: 'GET',
    path: '/model-servers/:owner/:name/traffic',
    summary: 'Its requests so far: how they ended, how long their stages took, how they were batched; null while nothing answers',
    answer: z.nullable(trafficSummary),
    status: 200,
  },
  metricsHistory: {
    method: 'GET',
    path: '/model-servers/:owner/:name/metrics',
    summary: 'What it did lately, in steps: `range` is how far to look back (900), `step` the length of each (5), in seconds',
    query: z.object({ range: z.optional(z.string()), step: z.optional(z.string()) }),
    answer: z.array(metricsPoint),
    status: 200,
  },
  listRequests: {
    method: 'GET',
    path: '/model-servers/:owner/:name/requests',
    summary: 'Its last requests, newest first, each with its stages and why it ended so; `last` says how many',
    query: z.object({ last: z.optional(z.string()) }),
    answer: z.array(requestRecord),
    status: 200,
  },
  listBatches: {
    method: 'GET',
    path: '/model-servers/:owner/:name/batches',
    summary: 'Its last batches, newest first: why each began, who waited for whom, what became of it; `last` says how many',
    query: z.object({ last: z.optional(z.string()) }),
    answer: z.array(batchRecord),
    status: 200,
  },
  logs: {
    method: 'GET',
    path: '/model-servers/:owner/:name/logs',
    summary: 'What its pods printed, in the order of positions; `since`: only what comes after the `position` of a line, or from a time on',
    query: z.object({ pod: z.optional(z.string()), tail: z.optional(z.string()), since: z.optional(z.string()), follow: flag }),
    answer: { lines: logLine },
    status: 200,
  },
} as const satisfies Record<string, Route>;

/** The name of a route. */
export type RouteName = keyof typeof routes;
