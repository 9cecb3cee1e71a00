import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { asSpellError, errorCodes, SpellError } from '../../api/errors.ts';
import type { Route } from '../../api/routes/route.ts';
import { type RouteName, routes } from '../../api/routes.ts';
import { guardOrigin, guardToken } from './guard.ts';
import type { Call, Handlers, RawContent } from './handlers.ts';
import { bodyPieces, readJsonBody } from './json-body.ts';
import { eventStream, lineStream } from './streams.ts';
import { validate } from './validate.ts';

export const apiBase = '/api/v1';

export interface AppOptions {
  token: string;
  /** The values of `Host` that mean this server. */
  allowedHosts: () => ReadonlySet<string>;
  handlers: Handlers;
  /** Prometheus' text. */
  metrics: () => Promise<string>;
  /** What happened inside that its caller is not told. */
  say: (line: string) => void;
  /** Whether the process is ending: from then on it takes no orders and counts as not there, but tells its events to the end. */
  ending: () => boolean;
  /** Ends every stream. */
  closing: AbortSignal;
}

type Env = { Variables: { requestId: string } };

/** The control plane's HTTP API: the guards, then one route for each row of the table. */
export function createApp(options: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const said = context.req.header('x-request-id');
    context.set('requestId', said !== undefined && /^[\w.:-]{1,128}$/.test(said) ? said : randomUUID());
    await next();
    context.header('x-request-id', context.get('requestId'));
  });
  app.use(guardOrigin(options.allowedHosts));
  app.use(`${apiBase}/*`, guardToken(options.token));

  app.get('/metrics', async (context) =>
    context.text(await options.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.get(`${apiBase}/openapi.json`, async (context) => context.json((await import('./openapi.ts')).openApiDocument()));
  const table = Object.entries(routes) as [RouteName, Route][];
  for (const [name, route] of table) {
    app.on(route.method, apiBase + route.path, (context) => answerRoute(context, name, route, options));
  }
  for (const [path, entries] of Map.groupBy(table, ([, route]) => route.path)) {
    const allow = entries.map(([, route]) => route.method).join(', ');
    app.all(apiBase + path, (context) => {
      context.header('allow', allow);
      throw new SpellError('method-not-allowed', `${context.req.method} is not allowed here`, `allowed: ${allow}`);
    });
  }
  app.notFound((context) => {
    const hint = `the list of all routes is at ${apiBase}/openapi.json`;
    return refuse(context, new SpellError('not-found', `there is nothing at ${context.req.path}`, hint));
  });
  app.onError((thrown, context) => {
    const error = asSpellError(thrown);
    if (error.code === 'internal')
      options.say(`${context.req.method} ${context.req.path} failed (${context.get('requestId')}): ${thrown.stack}`);
    return refuse(context as Context<Env>, error);
  });
  return app;
}

function refuse(context: Context<Env>, error: SpellError): Response {
  const id = context.get('requestId');
  context.header('x-request-id', id);
  // What was still being sent is not read any more, so nothing else can follow on this connection.
  if (context.req.method === 'PUT') context.header('connection', 'close');
  return context.json(error.toBody(id), errorCodes[error.code].status as 400);
}

async function answerRoute(
  context: Context<Env>,
  name: RouteName,
  route: Route,
  { handlers, ending, closing }: AppOptions,
): Promise<Response> {
  if (ending() && name !== 'events')
    throw new SpellError('not-running', 'the control plane is ending', 'wait until it has, then start it again');
  const gone = new AbortController();
  const end = (): void => gone.abort();
  closing.addEventListener('abort', end, { signal: gone.signal });
  if (closing.aborted) end();

  const handler = handlers[name] as (call: Call<RouteName>) => unknown;
  const { raw } = context.req;
  const result = await handler({
    params: context.req.param() as Call<RouteName>['params'],
    query: route.query && validate(route.query, context.req.query(), 'query'),
    body: route.body === 'bytes' ? bodyPieces(raw.body) : route.body && validate(route.body, await readJsonBody(raw.body), 'body'),
    header: (header) => context.req.header(header),
    signal: gone.signal,
  } as Call<RouteName>);

  const { answer, status } = route;
  if (answer === 'bytes') {
    const { bytes, size } = result as RawContent;
    bytes.once('close', end);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
    return context.body(Readable.toWeb(bytes) as ReadableStream, 200, headers);
  }
  if ('events' in answer) {
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    return context.body(eventStream(result as Parameters<typeof eventStream>[0], end), 200, headers);
  }
  if ('lines' in answer) {
    return context.body(lineStream(result as AsyncIterable<unknown>, end), 200, { 'content-type': 'application/x-ndjson' });
  }
  gone.abort();
  return status === 204 ? context.body(null, 204) : context.json(result as never, status);
}
