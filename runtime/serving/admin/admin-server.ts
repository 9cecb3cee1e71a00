import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import type { PodUserMetrics } from '../../api/user-metrics.ts';
import type { GatewayInfo, GatewayServer } from '../admin.ts';
import type { ControlPlaneProgram } from '../gateway-options.ts';
import { exposition } from '../metrics/exposition.ts';
import { userExposition } from '../metrics/user-exposition.ts';
import { samplesOf } from '../metrics/user-samples.ts';
import type { ModelServer } from '../model-server.ts';
import type { ServerRegistry } from '../server-registry.ts';
import { streamLogs } from './log-stream.ts';
import type { Watchers } from './watchers.ts';

/** What the admin socket reaches. */
export interface AdminTargets {
  info: GatewayInfo;
  registry: ServerRegistry;
  watchers: Watchers;
  /** How many requests the gateway holds. */
  requestsInFlight(): number;
  /** How a control plane is started from now on. */
  startWith(program: ControlPlaneProgram): void;
  /** The control plane ends on purpose. */
  detach(): void;
  /** Everything ends. */
  stop(): void;
}

/** The HTTP server of `admin.ts`. Only the local platform speaks to it, so it checks little and explains little. */
export function createAdmin(targets: AdminTargets): Server {
  return createServer((request, response) => {
    handle(targets, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, 400, { error: { code: 'bad-request', message: error instanceof Error ? error.message : String(error) } });
    });
  });
}

async function handle(targets: AdminTargets, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const [, first, owner, name] = url.pathname.split('/').map(decodeURIComponent);
  const { registry } = targets;
  switch (`${request.method} /${first ?? ''}`) {
    case 'GET /info':
      return send(response, 200, targets.info);
    case 'PUT /servers':
      registry.apply((await json(request)) as GatewayServer);
      return send(response, 204);
    case 'DELETE /servers':
      registry.remove(owner ?? '', name ?? '');
      return send(response, 204);
    case 'GET /watch':
      return targets.watchers.add(response);
    case 'GET /logs':
      return streamLogs(registry, owner ?? '', name ?? '', url.searchParams, response);
    case 'GET /metrics': {
      const sources = registry.servers.map(({ owner, name, traffic, flow }) => ({ owner, name, traffic, queueDepth: flow.queue.length }));
      const theirs = await Promise.all(registry.servers.map((server) => server.userMetrics()));
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(`${exposition(sources, targets.requestsInFlight())}${userExposition(theirs.flat())}`);
      return;
    }
    case 'GET /traffic':
      return sendOf(targets, owner, name, response, ({ traffic, flow, hasUserMetrics }) => ({
        ...traffic.data(flow.queue.length),
        userMetrics: hasUserMetrics,
      }));
    case 'GET /user-metrics':
      return sendOf(targets, owner, name, response, async (server) =>
        (await server.userMetrics()).map(({ pod, report }): PodUserMetrics => ({ pod, ...samplesOf(report) })),
      );
    case 'GET /requests':
      return sendOf(targets, owner, name, response, ({ traffic }) => traffic.requests(registry.clock));
    case 'GET /batches':
      return sendOf(targets, owner, name, response, ({ traffic }) => traffic.batchRecords(registry.clock));
    case 'PUT /control-plane':
      targets.startWith((await json(request)) as ControlPlaneProgram);
      return send(response, 204);
    case 'POST /detach':
      targets.detach();
      return send(response, 204);
    case 'POST /stop':
      send(response, 202);
      return targets.stop();
    default:
      return send(response, 404, { error: { code: 'not-found', message: `${request.method} ${url.pathname}` } });
  }
}

/** Answers with something of one model server; 404 where there is none of that name. */
async function sendOf(
  { registry }: AdminTargets,
  owner: string | undefined,
  name: string | undefined,
  response: ServerResponse,
  of: (server: ModelServer) => unknown,
): Promise<void> {
  const server = registry.servers.find((each) => each.owner === owner && each.name === name);
  if (server) send(response, 200, await of(server));
  else send(response, 404, { error: { code: 'not-found', message: `there is no model server ${owner}/${name}` } });
}

/**
 * Listens on the admin socket, which only this user can open. Rejects with the code `in-use` when another gateway answers
 * there; a socket file that nobody answers at is a dead gateway's, and is replaced.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (await answers(path)) throw Object.assign(new Error(`another gateway answers at ${path}`), { code: 'in-use' });
  if (process.platform !== 'win32') rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is made within this call, so that nobody else can open it even for a moment.
    const before = process.umask(0o177);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
    process.umask(before);
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
