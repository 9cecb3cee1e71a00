import type { Hono } from 'hono';
import type { HomeLayout } from '../../api/home.ts';
import type { Status } from '../../api/objects.ts';
import { version } from '../../api/version.ts';
import type { Platform } from '../../platform/platform.ts';
import { ControlPlane } from '../control-plane.ts';
import { createApp } from '../http/app.ts';
import { loopbackHosts } from '../http/guard.ts';
import { processHandlers } from '../http/handlers/process.ts';
import { type Listening, listen } from '../http/listen.ts';
import { metricsText } from '../metrics.ts';
import type { Author } from '../resources.ts';
import type { Contents } from '../store/contents.ts';
import { type Recovery, recoverySentence } from '../store/recovery.ts';
import type { Store } from '../store/store.ts';
import { DiskUsage } from './disk-usage.ts';
import { Leases } from './leases.ts';
import { StatusFile } from './status-file.ts';

/** The API is for this machine: whoever wants it elsewhere puts something with TLS in front. */
const apiHost = '127.0.0.1';

/** How long answers that are being sent may take when the process ends. */
const closeGraceMs = 500;

export interface DaemonOptions {
  layout: HomeLayout;
  token: string;
  store: Store;
  /** What was done about a damaged database. */
  recovery: Recovery | null;
  contents: Contents;
  platform: Platform;
  author: Author;
  /** The port that was asked for; undefined for the one of the last time, or any free one. */
  apiPort: number | undefined;
  say: (line: string) => void;
  /** Called once, when somebody asks the process to end. */
  shutdown: (mode: 'keep' | 'all') => void;
}

/** The control plane as a process: its API on a port, its status in a file. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #control: ControlPlane;
  readonly #app: Pick<Hono, 'fetch'>;
  readonly #disk: DiskUsage;
  readonly #statusFile: StatusFile;
  readonly #closing = new AbortController();
  #listening: Listening | undefined;
  #ending = false;

  constructor(options: DaemonOptions) {
    const { layout, token, store, contents, platform, author, say, shutdown } = options;
    this.#options = options;
    const disk = store.facts.get('disk');
    this.#disk = new DiskUsage(layout.home, author.now, disk === undefined ? undefined : Number(disk));
    this.#statusFile = new StatusFile(layout.spelldFile);
    const observed = (): void => this.#observed();
    this.#control = new ControlPlane({ store, contents, platform, author, metricsFile: layout.metrics, say, observed });
    const startedAt = author.now();
    const leases = new Leases(() => {
      say('every window that was to end the control plane with it has gone');
      shutdown('all');
    });
    this.#app = createApp({
      token,
      allowedHosts: () => loopbackHosts(apiHost, this.#listening?.port ?? 0),
      handlers: {
        ...this.#control.handlers,
        ...processHandlers({ status: (measure) => this.#measuredStatus(measure), shutdown, leases }),
      },
      metrics: () => metricsText(platform, startedAt),
      say,
      ending: () => this.#ending,
      closing: this.#closing.signal,
    });
  }

  /**
   * Answers from now on, and then starts the platform. Throws `port-taken` when the API's port is somebody else's:
   * another one would break every address that was noted down.
   */
  async start(): Promise<void> {
    const { store, apiPort, recovery } = this.#options;
    this.#listening = await listen((request) => this.#app.fetch(request), apiHost, apiPort ?? Number(store.facts.get('api-port') ?? 0));
    const { port } = this.#listening;
    store.change(() => {
      store.facts.set('api-port', String(port));
      if (recovery) this.#control.events.append({ type: 'store.recovered', object: 'spelld', message: recoverySentence(recovery) });
      this.#control.events.append({
        type: 'spelld.started',
        object: 'spelld',
        message: `the control plane has started: version ${version}, port ${port}`,
      });
    });
    this.#control.start();
    await this.#statusFile.write(this.status());
  }

  /** The endpoint's address, once the platform is up. Rejects with why it cannot start. */
  endpoint(): Promise<string> {
    return this.#control.endpoint.wait();
  }

  /** Ends the platform's part, then the API: until then its events tell how far the end is. */
  async stop(mode: 'keep' | 'all'): Promise<void> {
    this.#ending = true;
    this.#sayStopping(mode);
    await this.#control.stop(mode);
    await this.#statusFile.remove();
    this.#closing.abort();
    await this.#listening?.close(closeGraceMs);
  }

  #sayStopping(mode: 'keep' | 'all'): void {
    const { store, say } = this.#options;
    const message = mode === 'all' ? 'the control plane ends, with everything that runs' : 'the control plane ends; what runs goes on';
    say(message);
    try {
      store.change(() => {
        store.facts.set('disk', String(this.#disk.lastKnown));
        this.#control.events.append({ type: 'spelld.stopping', object: 'spelld', message, data: { mode } });
      });
    } catch (error) {
      // A full disk must not keep anything running.
      say(`this could not be recorded: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What `GET /status` answers. */
  status(): Status {
    const { layout, recovery } = this.#options;
    const apiUrl = `http://${apiHost}:${this.#listening?.port}`;
    const seen = this.#control.observation;
    const problem = this.#control.endpoint.problem;
    const notices = [
      ...(recovery ? [recoverySentence(recovery)] : []),
      ...(problem ? [`the gateway cannot start: ${problem.message}`] : []),
      ...(seen?.front?.notices ?? []),
    ];
    return {
      version,
      apiUrl,
      gatewayUrl: seen?.endpoint ?? null,
      ...(seen?.front?.version !== undefined && { gatewayVersion: seen.front.version }),
      ...(seen?.front?.certificate && { gatewayCertificate: seen.front.certificate }),
      ...(seen?.front?.accessLog && { accessLog: seen.front.accessLog }),
      metricsUrl: `${apiUrl}/metrics`,
      processes: { spelld: process.pid, gateway: seen?.processes.gateway ?? null },
      home: layout.home,
      disk: this.#disk.lastKnown,
      ...(notices.length > 0 && { notices }),
    };
  }

  async #measuredStatus(measure: boolean): Promise<Status> {
    if (measure) await this.#disk.measure();
    return { ...this.status(), lastEvent: this.#control.events.last(), nodeGroups: [...(await this.#options.platform.nodeGroups())] };
  }

  #observed(): void {
    if (this.#listening === undefined || this.#closing.signal.aborted) return;
    this.#statusFile
      .write(this.status())
      .catch((error: unknown) => this.#options.say(`spelld.json could not be written: ${String(error)}`));
  }
}
