import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../../api/errors.ts';
import { removeGatewayRecord } from '../../api/gateway-record.ts';
import { homeLayout } from '../../api/home.ts';
import type { LogLine } from '../../api/objects.ts';
import { endProcesses, isAlive } from '../../api/processes.ts';
import type { TlsChoice } from '../../api/tls-choice.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../../api/traffic.ts';
import type { GatewayFront, GatewayInfo, GatewayObservation } from '../../serving/admin.ts';
import type { CertificateFiles } from '../../serving/front/tls/certificate-pair.ts';
import type { ControlPlaneProgram } from '../../serving/gateway-options.ts';
import { serverLogFolder } from '../../serving/logs/read.ts';
import type {
  ArtefactSource,
  DesiredModelServer,
  DesiredRevision,
  LogQuery,
  Observation,
  Platform,
  PodUsage,
  ServerKey,
} from '../platform.ts';
import { type AdminClient, GatewayRefusal } from './admin-client.ts';
import { ensureOwnCertificate, renewLookMs } from './certificate/own-certificate.ts';
import { alreadyMade, DesiredServers, type RevisionInTheMaking } from './desired-servers.ts';
import { EndpointPort } from './endpoint-port.ts';
import { GatewaySupervisor } from './gateway-supervisor.ts';
import { GatewaySync } from './gateway-sync.ts';
import { type Installed, isOurs, launchOf } from './launch.ts';
import { type LocalLayout, localLayout } from './layout.ts';
import { observe } from './observe.ts';
import { podLines } from './pod-lines.ts';
import { podUsage } from './pod-usage.ts';
import { Preparation } from './preparation.ts';
import { prepareRevision, type Workshop } from './prepare-revision.ts';
import { clearFolders } from './tidy.ts';
import { keyOf, Told } from './told.ts';
import { gatewayEnvironment } from './worker-environment.ts';
import { openWorkshop } from './workshop.ts';

export interface LocalPlatformOptions {
  /** `SPELL_HOME`, absolute. The caller holds its lock: there is one local platform for each home at a time. */
  home: string;
  version: string;
  source: ArtefactSource;
  /** Where the endpoint listens. */
  host: string;
  /** The port that somebody asked for. Without it, that of the last time, or any free one. */
  port?: number;
  tls: TlsChoice;
  /** Whether each request to the endpoint is noted in a file. */
  accessLog: boolean;
  /** The gateway's program and its arguments: Node and `dist/gateway.js`. */
  gateway: readonly [string, ...string[]];
  /** `dist/python`. */
  pythonFolder: string;
  /** How the gateway starts a control plane again that vanished. */
  controlPlane: ControlPlaneProgram;
  /** The control plane's own environment: workers get a small part of it (`worker-environment.ts`). */
  env: NodeJS.ProcessEnv;
  /** A line for the log. */
  say: (line: string) => void;
}

/** Pods as processes on this machine, behind one gateway (`docs/platforms.md`). */
export function createLocalPlatform(options: LocalPlatformOptions): Platform {
  return new LocalPlatform(options);
}

/** 15 to 30 s without an answer: far more than any load causes, and the rest of what a laptop's sleep leaves. */
const gatewayPulse = { everyMs: 5000, answerWithinMs: 5000, missed: 3 } as const;

/** What a gateway may take beyond its pods' drain timeouts to end. */
const stopGraceMs = 10_000;

class LocalPlatform implements Platform {
  readonly name = 'local';
  readonly #options: LocalPlatformOptions;
  readonly #layout: LocalLayout;
  readonly #workshop: Workshop;
  readonly #installed: Installed;
  readonly #port: EndpointPort;
  /** Where the certificate that Spell makes for itself lies. */
  readonly #ownCertificate: CertificateFiles;
  /** What a gateway's front should be like, as it would say it. */
  readonly #front: Omit<GatewayFront, 'notices'>;
  readonly #told: Told;
  readonly #desired: DesiredServers;
  readonly #sync: GatewaySync;
  readonly #gateway: GatewaySupervisor;
  readonly #listeners = new Set<(observed: Observation) => void>();
  #admin: AdminClient | null = null;
  #seen: GatewayObservation | null = null;
  #shown = '';
  #telling = false;
  #started = false;
  #ended = false;
  #renewal: NodeJS.Timeout | undefined;
  #tidying: Promise<void> = Promise.resolve();

  constructor(options: LocalPlatformOptions) {
    const { home, version, host, env, say, gateway, controlPlane, source, pythonFolder } = options;
    this.#options = options;
    const { podLogs, gatewayLog, ...files } = homeLayout(home);
    this.#ownCertificate = { certificate: files.certificate, key: files.certificateKey };
    const tls = certificateFiles(options.tls, this.#ownCertificate);
    this.#front = { certificate: tls?.certificate ?? null, accessLog: options.accessLog ? files.accessLog : null };
    this.#layout = localLayout(home);
    const { workshop, installed } = openWorkshop({ home, layout: this.#layout, source, pythonFolder, env, say });
    this.#workshop = workshop;
    this.#installed = installed;
    this.#port = new EndpointPort(join(this.#layout.root, 'port'), options.port);
    this.#told = new Told(this.#layout.told);
    this.#desired = new DesiredServers((key, revision) => this.#begin(key, revision));
    this.#sync = new GatewaySync((key) => (this.#seen ? this.#desired.gatewayServer(key, this.#seen) : 'wait'), this.#told, say);
    this.#gateway = new GatewaySupervisor({
      command: gateway,
      env: gatewayEnvironment(env, home),
      gateway: { home, version, host, tls, accessLog: this.#front.accessLog, podLogs, logFile: gatewayLog, controlPlane },
      folder: this.#layout.root,
      pulse: gatewayPulse,
      port: () => this.#port.wanted,
      onUp: (admin, info, fresh) => this.#up(admin, info, fresh),
      onObservation: (seen) => this.#look(seen),
      onLost: () => this.#lost(),
      say,
    });
  }

  async start(): Promise<void> {
    const { home } = this.#options;
    await mkdir(this.#layout.root, { recursive: true, mode: 0o700 });
    await mkdir(this.#layout.empty, { recursive: true });
    await Promise.all([
      this.#port.load(),
      this.#told.load(),
      // An installer whose control plane was killed works for nobody.
      endProcesses(home, { roles: ['tool'] }, 0),
    ]);
    if (this.#options.tls.kind === 'self-signed') await this.#keepCertificate();
    await this.#gateway.start();
    this.#started = true;
    const used = this.#told.launches.map(({ command }) => command[0] ?? '');
    const removed = this.#workshop.environments.removeUnused(
      (folder) => used.some((python) => python.startsWith(join(folder, '/'))),
      Date.now(),
    );
    removed.catch((error: unknown) => this.#options.say(`old environments cannot be removed: ${String(error)}`));
  }

  /** The gateway sees by itself that there is a new one. */
  async #keepCertificate(): Promise<void> {
    const { host, say } = this.#options;
    const look = async (): Promise<void> => {
      const made = await ensureOwnCertificate({ files: this.#ownCertificate, host, now: () => new Date() });
      if (made) say(`made the certificate ${this.#ownCertificate.certificate}`);
    };
    clearInterval(this.#renewal);
    await look();
    this.#renewal = setInterval(
      () => look().catch((error: unknown) => say(`the certificate cannot be renewed: ${String(error)}`)),
      renewLookMs,
    ).unref();
  }

  async apply(desired: DesiredModelServer): Promise<void> {
    this.#desired.apply(desired);
    this.#changed();
    await this.#sync.push(desired);
  }

  async remove(key: ServerKey): Promise<void> {
    this.#desired.remove(key);
    this.#changed();
    await this.#sync.push(key);
    // The gateway removes the logs of what it had once its pods are gone.
    const isKnown = this.#seen?.servers.some((server) => keyOf(server) === keyOf(key)) ?? false;
    if (!isKnown) await rm(serverLogFolder(homeLayout(this.#options.home).podLogs, key.owner, key.name), { recursive: true, force: true });
  }

  watch(listener: (observed: Observation) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#observe());
    return () => this.#listeners.delete(listener);
  }

  logs(query: LogQuery): AsyncIterable<LogLine> {
    return podLines(query, {
      admin: () => this.#admin,
      podLogs: homeLayout(this.#options.home).podLogs,
      isWanted: (key) => !this.#ended && this.#desired.has(key),
    });
  }

  traffic(key: ServerKey): Promise<ObservedTraffic | null> {
    return this.#ofGateway((admin) => admin.traffic(key), null);
  }

  usage(key: ServerKey): Promise<PodUsage[]> {
    const server = this.#seen?.servers.find((each) => keyOf(each) === keyOf(key));
    return podUsage(server?.revisions.flatMap(({ pods }) => pods) ?? []);
  }

  requests(key: ServerKey): Promise<RequestRecord[]> {
    return this.#ofGateway((admin) => admin.requests(key), []);
  }

  batches(key: ServerKey): Promise<BatchRecord[]> {
    return this.#ofGateway((admin) => admin.batches(key), []);
  }

  async stop(mode: 'keep' | 'all'): Promise<void> {
    this.#ended = true;
    clearInterval(this.#renewal);
    this.#desired.cancelAll();
    // First of all: a gateway that sees its last watcher go would start a new control plane.
    await this.#admin?.detach().catch(() => {});
    await this.#gateway.end();
    if (mode === 'keep') {
      // One that was started meanwhile has not heard it yet.
      await this.#admin?.detach().catch(() => {});
      return;
    }
    await this.#stopGateway();
    await this.#sweep();
    this.#lost();
  }

  /** What the gateway says, or `without` where there is none, or it has not heard of the model server yet. */
  async #ofGateway<T>(ask: (admin: AdminClient) => Promise<T>, without: T): Promise<T> {
    if (!this.#admin) return without;
    try {
      return await ask(this.#admin);
    } catch (error) {
      if (error instanceof GatewayRefusal && error.status === 404) return without;
      throw error;
    }
  }

  /** Begins to make what a revision needs, unless it runs already under the gateway that was taken over. */
  #begin(key: ServerKey, revision: DesiredRevision): RevisionInTheMaking {
    const running = this.#told.launchOf(key, revision.revision);
    // After an upgrade the programs may lie elsewhere, and the old ones nowhere.
    if (running && isOurs(running, this.#installed)) return alreadyMade(running);
    return new Preparation(
      async (wanted) => launchOf(key, revision, await prepareRevision(revision.spec, this.#workshop, wanted), this.#installed),
      () => {
        this.#changed();
        void this.#sync.push(key);
      },
    );
  }

  async #up(admin: AdminClient, info: GatewayInfo, fresh: boolean): Promise<void> {
    const { say, home } = this.#options;
    const { certificate, accessLog } = info.front;
    const suits = this.#port.suits(info.url) && certificate === this.#front.certificate && accessLog === this.#front.accessLog;
    if (!fresh && !suits) {
      const shown = certificate === null ? '' : `, with the certificate ${certificate}`;
      throw new SpellError(
        'conflict',
        `the endpoint of ${home} is ${info.url} already${shown}`,
        '`spell down` first, then start it as it should be',
      );
    }
    say(fresh ? `started gateway ${info.pid} at ${info.url}` : `took over gateway ${info.pid} (${info.version}) at ${info.url}`);
    if (!fresh) await this.#tellHowToStart(admin);
    await this.#port.remember(info.url);
    if (fresh && !this.#started) await this.#beginWithNothing();
    if (fresh && this.#started) await this.#forgetTakenOver();
    this.#admin = admin;
    // Nothing is told to a gateway that runs before it has shown what runs in it.
    this.#seen = fresh ? { ...info, servers: [] } : null;
    this.#sync.connect(admin);
    this.#pushAll();
    this.#changed();
  }

  /** A gateway that outlived an update knows how its own control plane was started, which may be gone by now. */
  async #tellHowToStart(admin: AdminClient): Promise<void> {
    const { controlPlane, say } = this.#options;
    await admin
      .startWith(controlPlane)
      .catch((error: unknown) => say(`the gateway cannot be told how to start this control plane again: ${String(error)}`));
  }

  /** How things were started under a gateway that is gone says nothing about this one, which may be newer. */
  async #forgetTakenOver(): Promise<void> {
    await this.#told.clear();
    this.#desired.remakeTakenOver();
  }

  #look(seen: GatewayObservation): void {
    const first = this.#seen === null;
    this.#seen = seen;
    if (first) this.#pushAll();
    this.#changed();
    this.#tidying = this.#tidying.then(() => this.#removeUnusedFolders(seen));
  }

  #lost(): void {
    this.#admin = null;
    this.#seen = null;
    this.#sync.connect(null);
    this.#changed();
  }

  #pushAll(): void {
    for (const { desired } of this.#desired.servers) void this.#sync.push(desired);
  }

  /** Shows what is seen now, once for all that changes in this turn, unless it is what was shown last. */
  #changed(): void {
    if (this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      const observed = this.#observe();
      const text = JSON.stringify(observed);
      if (text === this.#shown) return;
      this.#shown = text;
      for (const listener of this.#listeners) listener(observed);
    });
  }

  #observe(): Observation {
    return observe(
      this.#seen,
      this.#desired.servers,
      (key, revision) => this.#told.launchOf(key, revision),
      this.#ownCertificate.certificate,
    );
  }

  /** Nothing of this home runs, so whatever lies here is a copy that nobody uses, perhaps cut short by a power failure. */
  async #beginWithNothing(): Promise<void> {
    await this.#told.clear();
    const clear = await clearFolders([this.#layout.code, this.#layout.models]);
    this.#tidying = this.#tidying
      .then(clear)
      .catch((error: unknown) => this.#options.say(`old folders cannot be removed: ${String(error)}`));
  }

  async #removeUnusedFolders(seen: GatewayObservation): Promise<void> {
    if (this.#seen !== seen || !this.#started || !this.#desired.foldersInUse(seen)) return;
    const { code, models } = this.#workshop;
    try {
      await code.removeUnused((name) => this.#desired.foldersInUse(this.#seen ?? seen)?.code.has(name) ?? true);
      await models.removeUnused((name) => this.#desired.foldersInUse(this.#seen ?? seen)?.models.has(name) ?? true);
    } catch (error) {
      this.#options.say(`folders that nobody uses cannot be removed: ${String(error)}`);
    }
  }

  async #stopGateway(): Promise<void> {
    await this.#admin?.stop().catch(() => {});
    const { pid } = this.#gateway;
    const deadline = performance.now() + this.#desired.longestDrainMs + stopGraceMs;
    while (pid !== null && isAlive(pid) && performance.now() < deadline) await delay(20);
  }

  /** Ends whatever is left of this home, and removes what lies here only for running pods. */
  async #sweep(): Promise<void> {
    const { home, say } = this.#options;
    const left = [...(await endProcesses(home, { roles: ['gateway'] }, 0)), ...(await endProcesses(home, { roles: ['worker', 'tool'] }))];
    if (left.length > 0) say(`these processes cannot be ended: ${left.map(({ pid }) => pid).join(', ')}`);
    await this.#tidying;
    await removeGatewayRecord(home);
    await this.#told.clear();
    const { code, models, empty } = this.#layout;
    for (const folder of [code, models, empty]) await rm(folder, { recursive: true, force: true });
  }
}

function certificateFiles(tls: TlsChoice, own: CertificateFiles): CertificateFiles | null {
  if (tls.kind === 'off') return null;
  return tls.kind === 'self-signed' ? own : { certificate: tls.certificate, key: tls.key };
}
