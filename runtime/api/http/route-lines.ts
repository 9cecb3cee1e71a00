import type * as z from 'zod/mini';
import type { RouteName, routes } from '../routes.ts';

type Route<K extends RouteName> = (typeof routes)[K];

/** How the answer of a route arrives. */
export type AnswerKind<K extends RouteName> = Route<K>['answer'] extends 'bytes'
  ? 'bytes'
  : Route<K>['answer'] extends { events: z.ZodMiniType }
    ? 'events'
    : Route<K>['answer'] extends { lines: z.ZodMiniType }
      ? 'lines'
      : 'json';

/**
 * What the client has to know of a route while it runs. The compiler keeps every entry equal to `routes.ts`, which is
 * not loaded at run time: a command would pay for the schemas at each start and use none.
 */
export const routeLines = {
  status: ['GET', '/status', 'json'],
  shutdown: ['POST', '/shutdown', 'json'],
  replaceGateway: ['POST', '/gateway/replace', 'json'],
  holdLease: ['GET', '/leases/:holder', 'events'],
  giveBackLease: ['DELETE', '/leases/:holder', 'json'],
  events: ['GET', '/events', 'events'],
  missingContents: ['POST', '/contents/missing', 'json'],
  putContent: ['PUT', '/contents/:digest', 'json'],
  getContent: ['GET', '/contents/:digest', 'bytes'],
  pruneContents: ['POST', '/contents/prune', 'json'],
  listEnvironments: ['GET', '/environments', 'json'],
  environmentLog: ['GET', '/environments/:id/log', 'json'],
  pruneEnvironments: ['POST', '/environments/prune', 'json'],
  listResources: ['GET', '/resources', 'json'],
  createUpload: ['POST', '/resources/uploads', 'json'],
  registerRun: ['POST', '/resources/runs', 'json'],
  runLog: ['GET', '/resources/runs/:number/log', 'lines'],
  describeResource: ['GET', '/resources/:kind/:name', 'json'],
  removeResource: ['DELETE', '/resources/:kind/:name', 'json'],
  listModels: ['GET', '/models', 'json'],
  createModel: ['POST', '/models', 'json'],
  describeModel: ['GET', '/models/:name', 'json'],
  describeModelVersion: ['GET', '/models/:name/:version', 'json'],
  removeModel: ['DELETE', '/models/:name', 'json'],
  removeModelVersion: ['DELETE', '/models/:name/:version', 'json'],
  listModelServers: ['GET', '/model-servers', 'json'],
  serve: ['POST', '/model-servers', 'json'],
  describeModelServer: ['GET', '/model-servers/:owner/:name', 'json'],
  update: ['PATCH', '/model-servers/:owner/:name', 'json'],
  previewServe: ['POST', '/model-servers/preview', 'json'],
  previewUpdate: ['POST', '/model-servers/:owner/:name/preview', 'json'],
  stop: ['POST', '/model-servers/:owner/:name/stop', 'json'],
  start: ['POST', '/model-servers/:owner/:name/start', 'json'],
  rollback: ['POST', '/model-servers/:owner/:name/rollback', 'json'],
  removeModelServer: ['DELETE', '/model-servers/:owner/:name', 'json'],
  listPods: ['GET', '/model-servers/:owner/:name/pods', 'json'],
  listRevisions: ['GET', '/model-servers/:owner/:name/revisions', 'json'],
  describeRevisionCode: ['GET', '/model-servers/:owner/:name/revisions/:revision/code', 'json'],
  traffic: ['GET', '/model-servers/:owner/:name/traffic', 'json'],
  metricsHistory: ['GET', '/model-servers/:owner/:name/metrics', 'json'],
  listRequests: ['GET', '/model-servers/:owner/:name/requests', 'json'],
  listBatches: ['GET', '/model-servers/:owner/:name/batches', 'json'],
  logs: ['GET', '/model-servers/:owner/:name/logs', 'lines'],
} as const satisfies { [K in RouteName]: readonly [Route<K>['method'], Route<K>['path'], AnswerKind<K>] };
