import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { batchingMessage } from '../../runtime/api/batching.ts';
import { type Settings, withDefaults } from '../../runtime/api/settings.ts';
import type { GatewayObservation, GatewayRevision, GatewayServerObserved } from '../../runtime/serving/admin.ts';
import type { GatewayOptions, GatewayReadiness } from '../../runtime/serving/gateway-options.ts';

const dist: string = fileURLToPath(new URL('../../dist/', import.meta.url));

export interface RealGatewayOptions {
  /** The interpreter of the workers. */
  python?: string;
  /** What stands before the gateway's command and the workers': `taskset -c 0`, for instance. */
  gatewayPrefix?: string[];
  workerPrefix?: string[];
  port?: number;
  /** The files of a certificate and its key. */
  tls?: GatewayOptions['tls'];
  /** Notes each request in `access.log` of the home. */
  accessLog?: boolean;
  controlPlane?: string[];
  /** What its environment has beside the least. */
  env?: Record<string, string>;
  /** Another gateway's home, to share it. */
  home?: string;
}

/** The built gateway as a process, with real Python workers, told what to do as the local platform does it. */
export class RealGateway {
  readonly home: string;
  readonly readiness: GatewayReadiness;
  readonly child: ChildProcess;
  /** The newest that it said on `/watch`. */
  observed: GatewayObservation | undefined;
  readonly #options: RealGatewayOptions;
  readonly #revisions: Map<number, GatewayRevision> = new Map();
  #watch: IncomingMessage | undefined;

  /** Starts one; it is for the caller to {@link close} it. */
  static async start(options: RealGatewayOptions = {}): Promise<RealGateway> {
    const home = options.home ?? (await realpath(await mkdtemp(join(tmpdir(), 'spell-gw-'))));
    await mkdir(join(home, 'empty'), { recursive: true });
    const [program = '', ...args] = [...(options.gatewayPrefix ?? []), process.execPath, join(dist, 'gateway.js')];
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
      env: { PATH: process.env.PATH, SPELL_HOME: home, SPELL_PROCESS: 'gateway', ...options.env },
    });
    const told: GatewayOptions = {
      home,
      version: '0.0.0-test',
      host: '127.0.0.1',
      port: options.port ?? 0,
      adminSocket: join(home, 'gateway.sock'),
      podLogs: join(home, 'pods'),
      tls: options.tls ?? null,
      accessLog: options.accessLog ? join(home, 'access.log') : null,
      logFile: join(home, 'gateway.log'),
      controlPlane: { command: options.controlPlane ?? ['true'], env: { SPELL_HOME: home, PATH: process.env.PATH ?? '' }, cwd: home },
    };
    child.stdin?.end(JSON.stringify(told));
    const readiness = JSON.parse(await text(child.stdio[3] as Readable)) as GatewayReadiness;
    const gateway = new RealGateway(home, readiness, child, options);
    if ('ready' in readiness) await gateway.watch();
    return gateway;
  }

  private constructor(home: string, readiness: GatewayReadiness, child: ChildProcess, options: RealGatewayOptions) {
    this.home = home;
    this.readiness = readiness;
    this.child = child;
    this.#options = options;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The endpoint of `local/NAME`. */
  url(name: string, verb: 'predict' | 'health' | 'ready' = 'predict'): string {
    if (!('ready' in this.readiness)) throw new Error(this.readiness.error.message);
    return `${this.readiness.ready.url}/local/${name}/${verb}`;
  }

  /** Makes a revision out of a predictor's text. It has no pods before it is applied. */
  async revision(revision: number, predictor: string, settings: Settings = {}): Promise<void> {
    const project = join(this.home, `project-${revision}`);
    await mkdir(project, { recursive: true });
    await writeFile(join(project, 'predictor.py'), predictor);
    this.#declare(revision, project, 'predictor.py', settings);
  }

  /** Makes a revision out of a folder, of which the project is a copy. */
  async revisionOf(revision: number, folder: string, entrypoint: string, settings: Settings = {}): Promise<void> {
    const project = join(this.home, `project-${revision}`);
    await cp(folder, project, { recursive: true });
    this.#declare(revision, project, entrypoint, settings);
  }

  #declare(revision: number, project: string, entrypoint: string, settings: Settings): void {
    const python = this.#options.python ?? 'python3';
    this.#revisions.set(revision, {
      revision,
      pods: 1,
      settings: withDefaults(settings),
      launch: {
        command: [...(this.#options.workerPrefix ?? []), python, join(dist, 'python', 'spell', 'worker', '__main__.py')],
        env: { PATH: process.env.PATH ?? '', HOME: this.home },
        cwd: project,
        start: {
          owner: 'local',
          server: 'any',
          revision,
          root: project,
          entrypoint,
          classname: null,
          models: [],
          modelFolder: null,
          mountsFolder: null,
          paths: 'rewrite',
          emptyFolder: join(this.home, 'empty'),
          batching: batchingMessage(settings),
          config: null,
          vendorFolder: join(dist, 'python', 'vendor'),
          debug: settings.debug ?? false,
        },
      },
    });
  }

  /** Declares a model server: which revision answers, and how many pods of which there shall be. */
  async apply(name: string, serving: number | null, pods: Record<number, number>, stopped: boolean = false): Promise<void> {
    const revisions = Object.entries(pods).map(([number, count]) => {
      const revision = this.#revisions.get(Number(number));
      if (!revision) throw new Error(`there is no revision ${number}`);
      const { launch } = revision;
      return { ...revision, pods: count, launch: { ...launch, start: { ...launch.start, server: name } } };
    });
    await this.admin('PUT', `/servers/local/${name}`, { owner: 'local', name, serving, stopped, revisions });
  }

  /** What is observed of a revision. */
  observe(name: string, revision: number): GatewayServerObserved['revisions'][number] | undefined {
    const server = this.observed?.servers.find((each) => each.name === name);
    return server?.revisions.find((each) => each.revision === revision);
  }

  /** Resolves when the check is truthy for what is observed; rejects with the last observation after `withinMs`. */
  async until(check: () => unknown, withinMs: number = 15_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!check()) {
      if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms; last observed: ${JSON.stringify(this.observed)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until so many pods of a revision are ready. */
  ready(name: string, revision: number, count: number = 1): Promise<void> {
    return this.until(() => this.observe(name, revision)?.pods.filter(({ state }) => state === 'ready').length === count);
  }

  /** One request to the admin socket; the body of its answer. */
  async admin(method: string, path: string, body?: unknown): Promise<string> {
    const outgoing = request({ socketPath: join(this.home, 'gateway.sock'), method, path });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return text(answer);
  }

  /** Opens `/watch`, as a control plane does. */
  async watch(): Promise<void> {
    const outgoing = request({ socketPath: join(this.home, 'gateway.sock'), path: '/watch' });
    outgoing.on('error', () => {});
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    this.#watch = answer;
    let rest = '';
    answer.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.observed = JSON.parse(line) as GatewayObservation;
    });
    answer.on('error', () => {});
    await this.until(() => this.observed);
  }

  /** The control plane is gone, without a word. */
  unwatch(): void {
    this.#watch?.destroy();
  }

  /** Resolves with its exit status. */
  async exited(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** Stops it as `spell down` does, and removes its home. */
  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.admin('POST', '/stop');
    await this.exited();
    this.#watch?.destroy();
    await rm(this.home, { recursive: true, force: true });
  }
}
