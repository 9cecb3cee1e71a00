import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeGatewayRecord } from '../../api/gateway-record.ts';
import { homeLayout } from '../../api/home.ts';
import type { LogLine } from '../../api/objects.ts';
import { endProcesses, isAlive } from '../../api/processes.ts';
import type { TlsChoice } from '../../api/tls-choice.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../../api/traffic.ts';
import type { PodUserMetrics } from '../../api/user-metrics.ts';
import type { GatewayInfo, GatewayObservation } from '../../serving/admin.ts';
import type { ControlPlaneProgram } from '../../serving/gateway-options.ts';
import { serverLogFolder } from '../../serving/logs/read.ts';
import type {
  ArtefactSource,
  DesiredModelServer,
  DesiredRevision,
  KeptEnvironment,
  LogQuery,
  Observation,
  Platform,
  PodUsage,
  ServerKey,
} from '../platform.ts';
import { type AdminClient, askIfThere } from './admin-client.ts';
import { KeptCertificate } from './certificate/kept-certificate.ts';
import { alreadyMade, DesiredServers, type RevisionInTheMaking, revisionKeyOf } from './desired-servers.ts';
import { EndpointPort } from './endpoint-port.ts';
import { GatewaySupervisor } from './gateway-supervisor.ts';
import { GatewaySync } from './gateway-sync.ts';
import { askGpus, GpuMeter } from './gpus/gpu-meter.ts';
import { KeptEnvironments } from './kept-environments.ts';
import { type Installed, isOurs, launchOf, type Prepared } from './launch.ts';
import { type LocalLayout, localLayout } from './layout.ts';
import { removeLeftGroups } from './limits/left-groups.ts';
import { observe } from './observe.ts';
import { Observers } from './observers.ts';
import { podLines } from './pod-lines.ts';
import { podUsage } from './pod-usage.ts';
import { Preparation } from './preparation.ts';
import { prepareRevision, type Workshop } from './prepare-revision.ts';
import type { Wanted } from './shared-work.ts';
import { keyOf, Told } from './told.ts';
import { UnusedFolders, type UsedFolders } from './unused-folders.ts';
import { usageText } from './usage-text.ts';
import { ownCertificateFiles, requireSuitable, type WantedFront, wantedFront } from './wanted-front.ts';
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
  readonly #front: WantedFront;
  readonly #certificate: KeptCertificate;
  readonly #folders: UnusedFolders;
  readonly #environments: KeptEnvironments;
  readonly #told: Told;
  readonly #desired: DesiredServers;
  readonly #sync: GatewaySync;
  readonly #gateway: GatewaySupervisor;
  readonly #gpuMeter: GpuMeter;
  readonly #observers = new Observers(() => this.#observe());
  #admin: AdminClient | null = null;
  #seen: GatewayObservation | null = null;
  /** How many the last gateway that knew had to give to pods: they are no fewer while another one starts. */
  #gpus: number | null = null;
  #started = false;
  #ended = false;

  constructor(options: LocalPlatformOptions) {
    const { home, version, host, env, say, gateway, controlPlane, source, pythonFolder } = options;
    this.#options = options;
    const { podLogs, gatewayLog } = homeLayout(home);
    this.#gpuMeter = new GpuMeter(
      () => askGpus(env),
      () => performance.now(),
    );
    this.#front = wantedFront(home, options);
    this.#certificate = new KeptCertificate({ files: ownCertificateFiles(home), host, say });
    this.#layout = localLayout(home);
    const { workshop, installed } = openWorkshop({ home, layout: this.#layout, source, pythonFolder, env, say });
    this.#workshop = workshop;
    this.#installed = installed;
    this.#port = new EndpointPort(join(this.#layout.root, 'port'), options.port);
    const inUse = (): UsedFolders | undefined => (this.#started && this.#seen ? this.#desired.foldersInUse(this.#seen) : undefined);
    this.#folders = new UnusedFolders({ layout: this.#layout, workshop, inUse, say });
    this.#told = new Told(this.#layout.told);
    this.#desired = new DesiredServers((key, revision) => this.#begin(key, revision));
    this.#environments = new KeptEnvironments({
      environments: workshop.environments,
      inUse: () => [...this.#told.revisions.map(revisionKeyOf), ...this.#desired.live(this.#seen ?? { servers: [] })],
      say,
    });
    this.#sync = new GatewaySync((key) => (this.#seen ? this.#desired.gatewayServer(key, this.#seen) : 'wait'), this.#told, say);
    this.#gateway = new GatewaySupervisor({
      command: gateway,
      env: gatewayEnvironment(env, home),
      gateway: { home, version, host, ...this.#front, podLogs, logFile: gatewayLog, controlPlane },
      folder: this.#layout.root,
      pulse: gatewayPulse,
      port: () => this.#port.wanted,
      onUp: (admin, info, fresh) => this.#up(admin, info, fresh),
      onObservation: (seen) => this.#look(seen),
      onLost: () => this.#lost(),
      say,
    });
  }

  /** One machine is one group. */
  async nodeGroups(): Promise<readonly string[]> {
    return ['default'];
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
    if (this.#options.tls.kind === 'self-signed') await this.#certificate.start();
    await this.#gateway.start();
    this.#started = true;
    this.#environments.start();
  }

  async apply(desired: DesiredModelServer): Promise<void> {
    this.#desired.apply(desired);
    this.#observers.changed();
    await this.#sync.push(desired);
  }

  async remove(key: ServerKey): Promise<void> {
    this.#desired.remove(key);
    this.#observers.changed();
    await this.#sync.push(key);
    // The gateway removes the logs of what it had once its pods are gone.
    const isKnown = this.#seen?.servers.some((server) => keyOf(server) === keyOf(key)) ?? false;
    if (!isKnown) await rm(serverLogFolder(homeLayout(this.#options.home).podLogs, key.owner, key.name), { recursive: true, force: true });
  }

  watch(listener: (observed: Observation) => void): () => void {
    return this.#observers.watch(listener);
  }

  logs(query: LogQuery): AsyncIterable<LogLine> {
    return podLines(query, {
      admin: () => this.#admin,
      podLogs: homeLayout(this.#options.home).podLogs,
      isWanted: (key) => !this.#ended && this.#desired.has(key),
    });
  }

  traffic(key: ServerKey): Promise<ObservedTraffic | null> {
    return askIfThere(this.#admin, (admin) => admin.traffic(key), null);
  }

  userMetrics(key: ServerKey): Promise<PodUserMetrics[]> {
    return askIfThere(this.#admin, (admin) => admin.userMetrics(key), []);
  }

  async metrics(): Promise<string> {
    const servers = this.#seen?.servers ?? [];
    const [theirs, hardware] = await Promise.all([
      askIfThere(this.#admin, (admin) => admin.metrics(), ''),
      Promise.all(servers.map(async ({ owner, name }) => ({ owner, name, pods: await this.usage({ owner, name }) }))),
    ]);
    return `${theirs}${usageText(hardware)}`;
  }

  usage(key: ServerKey): Promise<PodUsage[]> {
    const server = this.#seen?.servers.find((each) => keyOf(each) === keyOf(key));
    return podUsage(server?.revisions.flatMap(({ pods }) => pods) ?? [], this.#gpuMeter);
  }

  requests(key: ServerKey): Promise<RequestRecord[]> {
    return askIfThere(this.#admin, (admin) => admin.requests(key), []);
  }

  batches(key: ServerKey): Promise<BatchRecord[]> {
    return askIfThere(this.#admin, (admin) => admin.batches(key), []);
  }

  environments(): Promise<KeptEnvironment[]> {
    return this.#environments.list();
  }

  environmentLog(id: string): Promise<string[] | null> {
    return this.#environments.log(id);
  }

  removeEnvironments(ids: readonly string[]): Promise<string[]> {
    return this.#environments.remove(ids);
  }

  replaceGateway(): Promise<void> {
    return this.#gateway.replace();
  }

  async stop(mode: 'keep' | 'all'): Promise<void> {
    this.#ended = true;
    this.#certificate.end();
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

  /** Begins to make what a revision needs, unless it runs already under the gateway that was taken over. */
  #begin(key: ServerKey, revision: DesiredRevision): RevisionInTheMaking {
    const running = this.#told.launchOf(key, revision.revision);
    // After an upgrade the programs may lie elsewhere, and the old ones nowhere.
    if (running && isOurs(running, this.#installed)) return alreadyMade(running);
    return new Preparation(
      async (wanted) => launchOf(key, revision, await this.#prepare(key, revision, wanted), this.#installed),
      () => {
        this.#observers.changed();
        void this.#sync.push(key);
      },
    );
  }

  #prepare({ owner, name }: ServerKey, { revision, spec }: DesiredRevision, wanted: Wanted): Promise<Prepared> {
    return prepareRevision(spec, { owner, name, revision }, this.#workshop, wanted);
  }

  async #up(admin: AdminClient, info: GatewayInfo, fresh: boolean): Promise<void> {
    const { say, home } = this.#options;
    if (!fresh) requireSuitable(info, this.#front, this.#port, home);
    say(fresh ? `started gateway ${info.pid} at ${info.url}` : `took over gateway ${info.pid} (${info.version}) at ${info.url}`);
    if (!fresh) await this.#tellHowToStart(admin);
    await this.#port.remember(info.url);
    if (fresh) await this.#forgetWhatRan();
    this.#admin = admin;
    // Nothing is told to a gateway that runs before it has shown what runs in it.
    this.#seen = fresh ? { ...info, limits: null, gpus: null, servers: [] } : null;
    this.#sync.connect(admin);
    this.#pushAll();
    this.#observers.changed();
  }

  /** A gateway that outlived an update knows how its own control plane was started, which may be gone by now. */
  async #tellHowToStart(admin: AdminClient): Promise<void> {
    const { controlPlane, say } = this.#options;
    await admin
      .startWith(controlPlane)
      .catch((error: unknown) => say(`the gateway cannot be told how to start this control plane again: ${String(error)}`));
  }

  /** How things were started under a gateway that is gone says nothing about this one, which may be newer. */
  async #forgetWhatRan(): Promise<void> {
    await this.#told.clear();
    if (this.#started) this.#desired.remakeTakenOver();
    else await this.#folders.beginWithNothing();
  }

  #look(seen: GatewayObservation): void {
    const first = this.#seen === null;
    this.#seen = seen;
    this.#gpus = seen.gpus ?? this.#gpus;
    if (first) this.#pushAll();
    this.#observers.changed();
    this.#folders.look();
  }

  #lost(): void {
    this.#admin = null;
    this.#seen = null;
    this.#sync.connect(null);
    this.#observers.changed();
  }

  #pushAll(): void {
    for (const { desired } of this.#desired.servers) void this.#sync.push(desired);
  }

  #observe(): Observation {
    return observe(
      this.#seen && { ...this.#seen, version: this.#gateway.version },
      this.#desired.servers,
      (key, revision) => this.#told.launchOf(key, revision),
      ownCertificateFiles(this.#options.home).certificate,
      this.#gpus,
    );
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
    await removeGatewayRecord(home);
    await removeLeftGroups(this.#layout.root, say);
    await this.#told.clear();
    await this.#folders.removeAll();
  }
}
