import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LimitsEnforcement } from '../api/limits.ts';
import { portHolderPhrase } from '../api/port-holder.ts';
import { createAdmin, listenOnSocket } from './admin/admin-server.ts';
import { ControlPlanePrograms } from './admin/control-plane-programs.ts';
import { Revival } from './admin/revival.ts';
import { Watchers } from './admin/watchers.ts';
import type { GatewayInfo, GatewayObservation } from './admin.ts';
import type { Clock } from './clock.ts';
import { AccessLog } from './front/access-log.ts';
import { Endpoint } from './front/endpoint.ts';
import { createFront, createSecureFront, type Front, type SecureFront } from './front/http-server.ts';
import { requestIdGenerator } from './front/request-id.ts';
import { RouteTable } from './front/route-table.ts';
import {
  CertificateError,
  type CertificateFiles,
  type CertificatePair,
  checkCertificatePair,
  readCertificateTexts,
} from './front/tls/certificate-pair.ts';
import { CertificateWatch } from './front/tls/certificate-watch.ts';
import type { ControlPlaneProgram, GatewayErrorCode, GatewayOptions } from './gateway-options.ts';
import { BoundedFile } from './logs/bounded-file.ts';
import type { Confinement } from './pool/confinement.ts';
import type { SpawnWorker } from './pool/worker-process.ts';
import { InFlight } from './requests/in-flight.ts';
import { type Slot, slotState } from './requests/slot.ts';
import { ServerRegistry } from './server-registry.ts';

/** How often workers are looked at: `hard-timeout` and pings are as exact as this. */
const superviseMs = 1000;

/** Connections that are still open so long after everything was answered are cut. */
const closeTimeoutMs = 1000;

/** What a gateway is made of beside its options; tests put other things in their place. */
export interface GatewayParts {
  clock: Clock;
  spawn: SpawnWorker;
  confinement: Confinement;
  /** How it keeps the limits of pods; null where it does not. */
  limits: LimitsEnforcement | null;
  /** How many GPUs it can give to pods, once that is known. Never rejects. */
  gpus: Promise<number>;
  startControlPlane(program: ControlPlaneProgram): void;
  podSuffix(): string;
  log(message: string): void;
}

/** A gateway that listens. */
export interface RunningGateway {
  url: string;
  /** Resolves when it has been stopped and nothing of it is left. */
  stopped: Promise<void>;
  /** Drains and ends everything. */
  stop(): void;
}

/** An error whose `code` is one of `GatewayReadiness`. */
export class GatewayStartError extends Error {
  readonly code: GatewayErrorCode;
  readonly hint: string;

  constructor(code: GatewayStartError['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Puts a gateway together and lets it listen. Throws {@link GatewayStartError}. */
export async function startGateway(options: GatewayOptions, parts: GatewayParts): Promise<RunningGateway> {
  const { clock } = parts;
  const routes = new RouteTable();
  const nextId = requestIdGenerator();
  const inFlight: InFlight = new InFlight(
    clock,
    (slot: Slot) => {
      if (slot.state === slotState.receiving || slot.state === slotState.uploading) endpoint.expiredWhileReceiving(slot);
      else slot.server?.flow.expired(slot);
    },
    () => registry.rebalance(clock.now()),
  );
  const registry: ServerRegistry = new ServerRegistry(routes, options.podLogs, {
    home: options.home,
    clock,
    inFlight,
    spawn: parts.spawn,
    confinement: parts.confinement,
    podSuffix: parts.podSuffix,
    changed: () => watchers.changed(),
  });
  const endpoint = new Endpoint(routes, inFlight, nextId);
  const secure = options.tls ? await openCertificate(options.tls, clock) : null;
  const accessLog = options.accessLog === null ? undefined : openAccessLog(options.accessLog, clock);
  const frontParts = { endpoint, nextId, accessLog };
  const front = secure ? createSecureFront(frontParts, secure) : createFront(frontParts);
  endpoint.caller.scheme = secure ? 'https' : 'http';
  let certificates: CertificateWatch | undefined;
  const info: GatewayInfo = {
    pid: process.pid,
    version: options.version,
    url: '',
    get front() {
      return { certificate: options.tls?.certificate ?? null, accessLog: options.accessLog, notices: certificates?.notices ?? [] };
    },
  };
  let gpus: number | null = null;
  const programs = new ControlPlanePrograms(options.controlPlane, existsSync);
  const revival = new Revival(clock, () => {
    const { program, gone } = programs.choose();
    const because = gone.length === 0 ? '' : `${gone.join(' and ')} is gone, so `;
    if (program === undefined) {
      parts.log(`no control plane watches: ${because}none can be started; \`spell up\` or the editor starts one`);
      return;
    }
    parts.log(`no control plane watches: ${because}${program.command.at(-1)} is started`);
    parts.startControlPlane(program);
  });
  const watchers: Watchers = new Watchers(
    () => {
      const observation: GatewayObservation = {
        url: info.url,
        pid: info.pid,
        front: info.front,
        limits: parts.limits,
        gpus,
        servers: registry.observe(),
      };
      return `${JSON.stringify(observation)}\n`;
    },
    () => revival.vanished(),
    () => revival.watched(),
  );

  void parts.gpus.then((count) => {
    gpus = count;
    watchers.changed();
  });

  const { promise: stopped, resolve: isStopped } = Promise.withResolvers<void>();
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    parts.log('stopping');
    revival.dismiss();
    endpoint.caller.closing = true;
    void (async () => {
      await registry.close();
      await parts.confinement.close();
      cancelSupervision();
      certificates?.close();
      await Promise.all([closeServer(front), closeServer(admin)]);
      await accessLog?.close();
      isStopped();
    })();
  };
  const admin = createAdmin({
    info,
    registry,
    watchers,
    stop,
    startWith: (program) => programs.add(program),
    detach: () => revival.dismiss(),
    requestsInFlight: () => inFlight.slots.used,
  });

  let cancelSupervision = (): void => {};
  const supervise = (): void => {
    registry.supervise();
    cancelSupervision = clock.after(superviseMs, supervise);
  };

  await listenOnSocket(admin, options.adminSocket).catch((error: Error & { code?: string }) => {
    if (error.code === 'in-use') throw new GatewayStartError('in-use', error.message, 'only one gateway runs for each SPELL_HOME');
    throw new GatewayStartError('start-failed', `the admin socket cannot be made: ${error.message}`, `check ${options.adminSocket}`);
  });
  try {
    await listenOnPort(front, options);
  } catch (error) {
    revival.dismiss();
    await closeServer(admin);
    throw error;
  }
  const { address, port } = front.address() as AddressInfo;
  endpoint.caller.address = [address, port];
  info.url = `${endpoint.caller.scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
  if (secure && options.tls) {
    certificates = new CertificateWatch(secure, {
      files: options.tls,
      clock,
      replace: ({ cert, key }) => (front as SecureFront).setSecureContext({ cert, key }),
      changed: () => watchers.changed(),
      log: parts.log,
    });
  }
  supervise();
  return { url: info.url, stopped, stop };
}

function openAccessLog(path: string, clock: Clock): AccessLog {
  return new AccessLog(new BoundedFile(path, clock, (dropped) => JSON.stringify({ time: clock.date().toISOString(), dropped })), clock);
}

async function openCertificate(files: CertificateFiles, clock: Clock): Promise<CertificatePair> {
  try {
    return checkCertificatePair(await readCertificateTexts(files), files, clock.date());
  } catch (error) {
    if (error instanceof CertificateError) throw new GatewayStartError('bad-certificate', error.message, error.hint);
    throw error;
  }
}

async function listenOnPort(front: Front, { host, port }: GatewayOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  front.once('error', reject);
  front.listen(port, host, 511, resolve);
  try {
    await promise;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      const holder = await portHolderPhrase(port);
      throw new GatewayStartError('port-taken', `port ${port} is taken${holder}`, 'end that process, or choose another port with --port');
    }
    throw new GatewayStartError('start-failed', `cannot listen at ${host}:${port}: ${message}`, 'check --host and --port');
  } finally {
    front.off('error', reject);
  }
}

/** Takes no new connection, lets what is under way end, and then cuts the rest. */
async function closeServer(server: Server | Front): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
  await promise;
  clearTimeout(timer);
}
