import * as z from 'zod/mini';
import { errorCodes } from '../../api/errors.ts';
import { event } from '../../api/events.ts';
import * as objects from '../../api/objects.ts';
import type { Route } from '../../api/routes/route.ts';
import { routes } from '../../api/routes.ts';
import { settingsSchema } from '../../api/settings.ts';
import { batchRecord, requestRecord, trafficSummary } from '../../api/traffic.ts';
import { version } from '../../api/version.ts';

type Json = Record<string, unknown>;

/** The schemas that have a name of their own in the document. */
const named = {
  Resource: objects.resource,
  ResourceDetail: objects.resourceDetail,
  Manifest: objects.manifest,
  ModelSummary: objects.modelSummary,
  ModelVersion: objects.modelVersion,
  ModelServerSummary: objects.modelServerSummary,
  ModelServer: objects.modelServer,
  Pod: objects.pod,
  Revision: objects.revision,
  Rollout: objects.rollout,
  Operation: objects.operation,
  LogLine: objects.logLine,
  Traffic: trafficSummary,
  RequestRecord: requestRecord,
  BatchRecord: batchRecord,
  Status: objects.status,
  ServeRequest: objects.serveRequest,
  UpdateRequest: objects.updateRequest,
  Settings: settingsSchema,
  Event: event,
} satisfies Record<string, z.ZodMiniType>;

const errorSchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorCodes) as [string, ...string[]]),
    message: z.string(),
    hint: z.optional(z.string()),
    request_id: z.optional(z.string()),
  }),
});

/** The OpenAPI 3.1 document of the control plane, made from the schemas that check its requests. */
export function openApiDocument(): Json {
  const registry = z.registry<{ id?: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  registry.add(errorSchema, { id: 'Error' });
  const schemas: Json = {};

  /** A schema's JSON Schema, its named parts moved to the document's components. */
  const toSchema = (schema: z.ZodMiniType): unknown => {
    const { $schema: _, $defs = {}, ...rest } = rename(z.toJSONSchema(schema, { io: 'input', metadata: registry })) as Json;
    for (const [id, part] of Object.entries($defs as Json)) schemas[id] ??= withoutId(part as Json);
    if (typeof rest.id !== 'string') return rest;
    schemas[rest.id] ??= withoutId(rest);
    return { $ref: `#/components/schemas/${rest.id}` };
  };

  const failed = { description: 'An error; `code` says which', content: { 'application/json': { schema: toSchema(errorSchema) } } };
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = {
      operationId: name,
      summary: route.summary,
      parameters: [...pathParameters(route.path), ...queryParameters(route.query && toSchema(route.query))],
      ...(route.body === undefined
        ? {}
        : { requestBody: { required: route.body === 'bytes', content: bodyContent(route.body, toSchema) } }),
      responses: { [route.status]: answer(route, toSchema), default: failed },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Spell control plane', version },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/** zod names recursive parts by number, and every one of ours is "any JSON value"; OpenAPI keeps parts elsewhere than JSON Schema does. */
function rename(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema)
      .replaceAll(/__schema\d+/g, 'Json')
      .replaceAll('#/$defs/', '#/components/schemas/'),
  );
}

function withoutId({ id: _, ...schema }: Json): Json {
  return schema;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(schema: unknown): Json[] {
  const { properties = {} } = (schema ?? {}) as { properties?: Json };
  return Object.entries(properties).map(([name, property]) => ({ name, in: 'query', schema: property }));
}

function bodyContent(body: NonNullable<Route['body']>, toSchema: (schema: z.ZodMiniType) => unknown): Json {
  return body === 'bytes' ? { 'application/octet-stream': {} } : { 'application/json': { schema: toSchema(body) } };
}

function answer(route: Route, toSchema: (schema: z.ZodMiniType) => unknown): Json {
  const description = route.summary;
  const { answer } = route;
  if (answer === 'bytes') return { description, content: { 'application/octet-stream': {} } };
  if ('events' in answer) return { description, content: { 'text/event-stream': { schema: toSchema(answer.events) } } };
  if ('lines' in answer) {
    const content = { 'application/x-ndjson': { schema: toSchema(answer.lines) } };
    return { description: `${description}. One JSON object a line; an empty line is a sign of life`, content };
  }
  if (answer.type === 'null') return { description };
  return { description, content: { 'application/json': { schema: toSchema(answer) } } };
}
