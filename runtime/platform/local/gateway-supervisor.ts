import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../../api/errors.ts';
import { readGatewayRecord, removeGatewayRecord, writeGatewayRecord } from '../../api/gateway-record.ts';
import { endProcesses, findProcesses } from '../../api/processes.ts';
import { compareVersions } from '../../api/versions.ts';
import type { GatewayInfo, GatewayObservation } from '../../serving/admin.ts';
import type { GatewayOptions } from '../../serving/gateway-options.ts';
import { AdminClient } from './admin-client.ts';
import { chooseAdminSocket } from './admin-socket.ts';
import { startGateway } from './gateway-start.ts';

export interface SupervisorOptions {
  /** The gateway's program and its arguments. */
  command: readonly [string, ...string[]];
  env: Record<string, string>;
  /** What the gateway is told, but its socket, which is chosen here, and its port. */
  gateway: Omit<GatewayOptions, 'adminSocket' | 'port'>;
  /** Where the socket lies. */
  folder: string;
  /** When a gateway counts as wedged, not busy: after so many questions in a row that it did not answer in time. */
  pulse: { everyMs: number; answerWithinMs: number; missed: number };
  /** The port to start on: 0 for any free one. Asked at each start, so that the first one's answer can be remembered. */
  port: () => number;
  /** A gateway can be told what to do. `fresh`: it was started just now, and nothing of this home runs yet. */
  onUp: (admin: AdminClient, info: GatewayInfo, fresh: boolean) => Promise<void>;
  onObservation: (observation: GatewayObservation) => void;
  onLost: () => void;
  /** A line for the log. */
  say: (line: string) => void;
}

/** After each start that failed, or did not last. The first one after a good time is tried at once. */
const backOffMs = [0, 100, 200, 500, 1000, 2000, 5000] as const;
const goodTimeMs = 10_000;
/** How long a gateway that is being started by a control plane which died meanwhile may still take. */
const lateStartMs = 5000;
const workerGraceMs = 250;

/** Keeps one gateway of a home alive: takes over the one that runs, starts one where none does, and again when it dies. */
export class GatewaySupervisor {
  readonly #options: SupervisorOptions;
  readonly #ended = new AbortController();
  #socket: { adminSocket: string; ownFolder: boolean } | undefined;
  #pid: number | null = null;
  #version: string;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#version = options.gateway.version;
  }

  /**
   * Resolves when a gateway is up. From then on there is one until {@link end}.
   * @throws SpellError `port-taken` or `start-failed`
   */
  async start(): Promise<void> {
    const found = await this.#findRunning();
    const up = found ?? (await this.#startFirst());
    await this.#options.onUp(up.admin, up.info, found === undefined);
    this.#watching = this.#keepUp(up);
  }

  async #startFirst(): Promise<Up> {
    try {
      return await this.#startOne();
    } catch (error) {
      await removeGatewayRecord(this.#options.gateway.home);
      throw error;
    }
  }

  /** Stops watching over it. What becomes of the gateway itself is for the caller to say. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#watching;
  }

  async #keepUp(first: Up): Promise<void> {
    let up = first;
    for (let failures = 0; ; ) {
      const since = performance.now();
      await this.#watchUntilLost(up);
      if (this.#ended.signal.aborted) return;
      this.#options.onLost();
      if (performance.now() - since > goodTimeMs) failures = 0;
      const next = await this.#startAgain(failures);
      if (next === undefined) return;
      failures = next.failures + 1;
      up = next;
    }
  }

  /** Observes until the gateway is no more, or is wedged. A connection that merely broke is made again. */
  async #watchUntilLost({ admin, info }: Up): Promise<void> {
    const { say, onObservation } = this.#options;
    while (!this.#ended.signal.aborted) {
      const wedged = new AbortController();
      const checking = this.#checkPulse(admin, wedged);
      let makesWay = false;
      try {
        for await (const observation of admin.watch(AbortSignal.any([this.#ended.signal, wedged.signal]))) {
          onObservation(observation);
          if (makesWay || !this.#isOlder || !isIdle(observation)) continue;
          makesWay = true;
          await this.replace();
        }
      } catch (error) {
        if (!this.#ended.signal.aborted) say(`lost sight of the gateway: ${error instanceof Error ? error.message : String(error)}`);
      }
      const isWedged = wedged.signal.aborted;
      wedged.abort();
      await checking;
      const still = isWedged ? undefined : await admin.info().catch(() => undefined);
      if (still?.pid !== info.pid) return;
    }
  }

  /** Aborts `wedged` when the gateway has not answered several times in a row; ends when that is aborted. */
  async #checkPulse(admin: AdminClient, wedged: AbortController): Promise<void> {
    const { pulse, say } = this.#options;
    const over = AbortSignal.any([this.#ended.signal, wedged.signal]);
    for (let missed = 0; missed < pulse.missed; ) {
      await delay(pulse.everyMs, undefined, { signal: over, ref: false }).catch(() => {});
      if (over.aborted) return;
      missed = await admin.info(pulse.answerWithinMs).then(
        () => 0,
        () => missed + 1,
      );
    }
    say('the gateway does not answer any more: it is replaced');
    wedged.abort();
  }

  async #startAgain(failuresBefore: number): Promise<(Up & { failures: number }) | undefined> {
    const { say, onUp } = this.#options;
    for (let failures = failuresBefore; !this.#ended.signal.aborted; failures++) {
      await delay(backOffMs[Math.min(failures, backOffMs.length - 1)], undefined, { signal: this.#ended.signal }).catch(() => {});
      if (this.#ended.signal.aborted) return undefined;
      try {
        await this.#endLeftovers();
        const up = await this.#startOne();
        await onUp(up.admin, up.info, true);
        return { ...up, failures };
      } catch (error) {
        say(`the gateway cannot be started: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return undefined;
  }

  /** Workers end with their gateway; what their predictors left running does not. */
  async #endLeftovers(): Promise<void> {
    const { home } = this.#options.gateway;
    await endProcesses(home, { roles: ['gateway'] }, 0);
    await endProcesses(home, { roles: ['worker'] }, workerGraceMs);
  }

  /** The gateway that an earlier control plane left, also one that it was starting when it died. */
  async #findRunning(): Promise<Up | undefined> {
    const { home } = this.#options.gateway;
    const record = await readGatewayRecord(home);
    if (record) {
      const deadline = performance.now() + lateStartMs;
      const admin = new AdminClient(record.adminSocket);
      do {
        const info = await admin.info().catch(() => undefined);
        if (info) {
          this.#socket = record;
          await this.#note(info);
          return { admin, info };
        }
        if ((await findProcesses(home, { roles: ['gateway'] })).length === 0) break;
        await delay(50, undefined, { signal: this.#ended.signal });
      } while (performance.now() < deadline);
    }
    await this.#endLeftovers();
    await removeGatewayRecord(home);
    return undefined;
  }

  async #startOne(): Promise<Up> {
    const { command, env, gateway, folder, port } = this.#options;
    await mkdir(dirname(gateway.logFile), { recursive: true, mode: 0o700 });
    this.#socket ??= await chooseAdminSocket(folder);
    await writeGatewayRecord(gateway.home, { ...this.#socket, pid: null, url: null });
    const options: GatewayOptions = { ...gateway, port: port(), adminSocket: this.#socket.adminSocket };
    const said = await startGateway({ command, env, options });
    if ('error' in said) {
      const { code, message, hint } = said.error;
      throw new SpellError(code === 'in-use' ? 'start-failed' : code, message, hint);
    }
    const admin = new AdminClient(this.#socket.adminSocket);
    const front = { certificate: gateway.tls?.certificate ?? null, accessLog: gateway.accessLog, notices: [] };
    const info = { version: gateway.version, front, ...said.ready };
    await this.#note(info);
    return { admin, info };
  }

  async #note({ pid, url, version }: GatewayInfo): Promise<void> {
    this.#pid = pid;
    this.#version = version;
    if (this.#socket) await writeGatewayRecord(this.#options.gateway.home, { ...this.#socket, pid, url });
  }

  /** Ends the gateway, after what it is answering; another one is started in its place. Returns when that is noted. */
  async replace(): Promise<void> {
    if (!this.#socket) return;
    this.#options.say(`the gateway (${this.#version}) makes way for ${this.#options.gateway.version}`);
    await new AdminClient(this.#socket.adminSocket).stop();
  }

  /** Left by an older build. One that a newer build left is nobody's to take back. */
  get #isOlder(): boolean {
    return compareVersions(this.#options.gateway.version, this.#version) === 'newer';
  }

  /** The build of the gateway that is up, or of the last one. */
  get version(): string {
    return this.#version;
  }

  /** Its process, or that of the last one. */
  get pid(): number | null {
    return this.#pid;
  }
}

/** Nothing would be lost: no pod runs, or drains. */
function isIdle({ servers }: GatewayObservation): boolean {
  return servers.every(({ revisions }) => revisions.every(({ pods }) => pods.length === 0));
}

/** A gateway that answers. */
interface Up {
  admin: AdminClient;
  info: GatewayInfo;
}
