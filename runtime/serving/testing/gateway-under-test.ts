import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchingMessage } from '../../api/batching.ts';
import { type Settings, withDefaults } from '../../api/settings.ts';
import type { GatewayServer } from '../admin.ts';
import { type Clock, systemClock } from '../clock.ts';
import { unconfined } from '../pool/confinement.ts';
import { type RunningGateway, startGateway } from '../running-gateway.ts';
import { FakeWorkers } from './fake-worker.ts';

/** What came back. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real gateway in this process, with real HTTP before it and fake workers behind it. */
export interface GatewayUnderTest {
  gateway: RunningGateway;
  adminSocket: string;
  workers: FakeWorkers;
  /** How often it wanted a control plane. */
  controlPlanes: { started: number };
  /** Declares the model server `local/echo`. `revisions`: the number of pods by revision. */
  apply(settings: Settings, desired?: { serving?: number | null; stopped?: boolean; revisions?: Record<number, number> }): Promise<void>;
  /** Speaks to the admin socket. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Asks the endpoint. `signal` hangs up. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export async function startGatewayUnderTest(clock: Clock = systemClock): Promise<GatewayUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-gw-'));
  const adminSocket = join(folder, 'admin.sock');
  const workers = new FakeWorkers();
  const controlPlanes = { started: 0 };
  let pods = 0;
  const gateway = await startGateway(
    {
      home: folder,
      version: '0.0.0',
      host: '127.0.0.1',
      port: 0,
      adminSocket,
      podLogs: join(folder, 'pods'),
      tls: null,
      accessLog: null,
      logFile: join(folder, 'gateway.log'),
      controlPlane: { command: [], env: {}, cwd: folder },
    },
    {
      clock,
      spawn: workers.spawn,
      confinement: unconfined,
      limits: null,
      gpus: Promise.resolve(0),
      startControlPlane: () => {
        controlPlanes.started++;
      },
      podSuffix: () => `pod${++pods}`,
      log: () => {},
    },
  );
  const agent = new Agent({ keepAlive: true });
  const send = (target: object, { method = 'POST', body, headers = {}, signal }: AskOptions): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ ...target, method, headers, ...(signal && { signal }) }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces).toString() }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const { hostname, port } = new URL(gateway.url);
  const admin: GatewayUnderTest['admin'] = (method, path, body) =>
    send({ socketPath: adminSocket, path, agent: false }, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return {
    gateway,
    adminSocket,
    workers,
    controlPlanes,
    admin,
    ask: (path, options = {}) => send({ hostname, port, path, agent }, options),
    apply: async (settings, { serving = 1, stopped = false, revisions = { 1: 1 } } = {}) => {
      const desired: GatewayServer = {
        owner: 'local',
        name: 'echo',
        serving,
        stopped,
        revisions: Object.entries(revisions).map(([revision, count]) => ({
          revision: Number(revision),
          pods: count,
          settings: withDefaults(settings),
          launch: {
            command: ['python'],
            env: {},
            cwd: folder,
            start: {
              owner: 'local',
              server: 'echo',
              revision: Number(revision),
              root: folder,
              entrypoint: 'predictor.py',
              classname: null,
              models: [],
              modelFolder: null,
              mountsFolder: null,
              paths: 'rewrite',
              emptyFolder: folder,
              batching: batchingMessage(settings),
              config: null,
              vendorFolder: folder,
              debug: settings.debug ?? false,
            },
          },
        })),
      };
      await admin('PUT', '/servers/local/echo', desired);
    },
    close: async () => {
      agent.destroy();
      gateway.stop();
      for (const worker of workers.workers) worker.die();
      await gateway.stopped;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
