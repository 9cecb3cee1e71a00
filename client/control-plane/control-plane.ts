import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { awaitReturn, connectTo, findOrStart } from '../../runtime/api/connect/connect.ts';
import { type Connection, findControlPlane } from '../../runtime/api/connect/find.ts';
import { asSpellError, SpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import { homeLayout } from '../../runtime/api/home.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { Status } from '../../runtime/api/objects.ts';
import { compareVersions } from '../../runtime/api/versions.ts';
import { Emitter, type Event } from '../emitter.ts';
import { endControlPlaneAlone } from './end-control-plane.ts';
import type { NodeRuntime } from './node-runtime.ts';

/**
 * How the control plane is, as this window sees it. `absent`: none runs, and none was asked for; `stopped`: one ran, and
 * was taken down or did not come back; `lost`: it went away without a word and is waited for.
 */
export type ControlPlaneState =
  | { kind: 'absent' }
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'ready'; status: Status }
  | { kind: 'lost' }
  | { kind: 'failed'; error: SpellError };

export interface ControlPlaneOptions {
  /** SPELL_HOME, absolute. */
  home: string;
  /** `dist/spelld.js` of this extension. */
  program: string;
  /** This extension's. */
  version: string;
  env: NodeJS.ProcessEnv;
  /** Called for each start, since an update of the editor replaces its runtime. Rejects with what is wrong. */
  runtime(): Promise<NodeRuntime>;
  /** Why nothing may be started now (a restricted window); undefined when it may. */
  forbidden(): SpellError | undefined;
  /** A line for the log. */
  say(line: string): void;
}

/** A control plane of another machine, as `SPELL_API_URL` and `SPELL_TOKEN` name it. */
export interface RemoteContext {
  /** Its host, as after the command's `--context`. */
  name: string;
  url: string;
  token: string | undefined;
}

/** One that crashed is started again by the gateway within 2 s; one that is not back by then was ended. */
const returnWithinMs = 15_000;

/**
 * The control plane of this window. It is found where it runs and followed for as long as it does, over as many processes
 * as that takes; it is started only by {@link connect}, and never again by itself after somebody took it down. One event
 * stream serves the whole extension.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #changed = new Emitter<ControlPlaneState>();
  readonly #told = new Emitter<SpellEvent>();
  readonly #ended = new AbortController();
  #state: ControlPlaneState = { kind: 'absent' };
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #looking = false;
  /** The number of the last event that was told. */
  #seen: number | undefined;
  #takenDown = false;
  #remote: RemoteContext | undefined;
  #watcher: FSWatcher | undefined;

  /** Fires after every change of {@link state}. */
  readonly onDidChange: Event<ControlPlaneState> = this.#changed.event;
  /** Every event from the moment of the first connection, each once and in order. */
  readonly onEvent: Event<SpellEvent> = this.#told.event;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
  }

  get state(): ControlPlaneState {
    return this.#state;
  }

  get home(): string {
    return this.#options.home;
  }

  /** `local`, or the remote one's name. */
  get context(): string {
    return this.#remote?.name ?? 'local';
  }

  /** Whether what runs is of a newer build than this extension. It is used as it is. */
  get isNewer(): boolean {
    return this.#state.kind === 'ready' && compareVersions(this.#options.version, this.#state.status.version) === 'older';
  }

  /** The version of a gateway that an older build left, as long as it serves; undefined where it is of the control plane's own. */
  get olderGateway(): string | undefined {
    if (this.#state.kind !== 'ready') return undefined;
    const { version, gatewayVersion } = this.#state.status;
    return gatewayVersion !== undefined && compareVersions(version, gatewayVersion) === 'newer' ? gatewayVersion : undefined;
  }

  /** Lets go of what is connected, and connects to another one; without an argument to this machine's. Rejects as {@link connect}. */
  async switchTo(remote?: RemoteContext): Promise<void> {
    this.#drop();
    this.#remote = remote;
    this.#seen = undefined;
    this.#set({ kind: 'absent' });
    await this.connect();
  }

  /** Follows what runs, now or later; starts nothing. */
  observe(): void {
    this.#watchHome();
    void this.#look();
  }

  /**
   * A client of what runs; a control plane is started when none does. Everybody who calls at the same time shares one start.
   *
   * Rejects with what `forbidden` or `runtime` say, or with the control plane's own error.
   */
  connect(): Promise<Client> {
    if (this.#client) return Promise.resolve(this.#client);
    this.#connecting ??= this.#findOrStart().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Ends `spelld` alone and starts it anew; what runs goes on. Rejects as {@link connect}. */
  async restart(): Promise<void> {
    if (this.#remote) throw new SpellError('needs-cluster', `${this.context} is not of this machine`, 'switch to the context local first');
    const found = await findControlPlane(this.home);
    const refusal = this.#options.forbidden();
    if (refusal) throw refusal;
    if (found) {
      this.#drop();
      this.#set({ kind: 'starting' });
      await endControlPlaneAlone(found);
      found.client.close();
    }
    await this.connect();
  }

  /** A client of what is connected; nothing is started for it. Rejects with `not-running`. */
  async current(): Promise<Client> {
    if (this.#client) return this.#client;
    throw new SpellError('not-running', `no control plane runs in ${this.home}`, 'start it: the command "Spell: Start Control Plane"');
  }

  /** Forgets the connection without ending anything. */
  dispose(): void {
    this.#ended.abort();
    this.#watcher?.close();
    this.#drop();
  }

  #drop(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #findOrStart(): Promise<Client> {
    const { home, program, env, runtime, forbidden, say } = this.#options;
    this.#set({ kind: 'starting' });
    try {
      if (this.#remote) return await this.#attach(await reach(this.#remote));
      const found = await findControlPlane(home);
      if (found && !(await this.#replaced(found))) return await this.#attach(found);
      const refusal = forbidden();
      if (refusal) throw refusal;
      const { node, env: more } = await runtime();
      say(`starting ${program} with ${node} in ${home}`);
      const { client, status } = await findOrStart({ home, program, node, env: { ...env, ...more } });
      this.#watchHome();
      return await this.#attach({ client, status });
    } catch (error) {
      const failure = asSpellError(error);
      say(failure.message);
      this.#set({ kind: 'failed', error: failure });
      throw failure;
    }
  }

  /** One of an older build makes way for ours where something may be started; with one of a newer build we get along. */
  async #replaced(found: Connection): Promise<boolean> {
    const { version, forbidden, say } = this.#options;
    if (compareVersions(version, found.status.version) !== 'newer' || forbidden()) return false;
    say(`the control plane is version ${found.status.version}, this extension ${version}: it is replaced`);
    await endControlPlaneAlone(found);
    found.client.close();
    return true;
  }

  /** Something was written where a control plane tells of itself. */
  async #look(): Promise<void> {
    if (this.#remote || this.#looking || this.#client || this.#connecting || this.#ended.signal.aborted) return;
    this.#looking = true;
    const found = await findControlPlane(this.#options.home);
    this.#looking = false;
    if (!found) return;
    if (this.#client || this.#connecting || this.#ended.signal.aborted) return found.client.close();
    await this.#attach(found);
  }

  async #attach({ client, status }: Connection): Promise<Client> {
    const newest = status.lastEvent ?? 0;
    // A home that was emptied counts from one again.
    if (this.#seen === undefined || newest < this.#seen) this.#seen = newest;
    this.#client = client;
    this.#takenDown = false;
    void this.#follow(client);
    this.#set({ kind: 'ready', status });
    return client;
  }

  async #follow(client: Client): Promise<void> {
    const signal = this.#ended.signal;
    try {
      for await (const event of client.events({ query: { since: String(this.#seen), follow: 'true' }, signal })) {
        this.#seen = event.seq;
        this.#takenDown = event.type === 'spelld.stopping' && event.data?.mode === 'all';
        this.#told.fire(event);
        if (event.type === 'gateway.started') void this.#readStatus(client);
      }
    } catch (error) {
      if (!signal.aborted) this.#options.say(asSpellError(error).message);
    }
    client.close();
    if (signal.aborted || this.#client !== client) return;
    this.#client = undefined;
    await this.#awaitReturn();
  }

  /** Another gateway is there: what was known of the last one is not true any more. */
  async #readStatus(client: Client): Promise<void> {
    const status = await client.status().catch(() => undefined);
    if (status && this.#client === client) this.#set({ kind: 'ready', status });
  }

  async #awaitReturn(): Promise<void> {
    if (this.#takenDown) return this.#set({ kind: 'stopped' });
    this.#set({ kind: 'lost' });
    try {
      const remote = this.#remote;
      const { client, status } = remote ? await reach(remote) : await this.#returned();
      if (this.#client || this.#connecting || this.#remote !== remote) return client.close();
      await this.#attach({ client, status });
    } catch {
      if (this.#state.kind === 'lost') this.#set({ kind: 'stopped' });
    }
  }

  async #returned(): Promise<Connection> {
    const client = await awaitReturn(this.#options.home, returnWithinMs, this.#ended.signal);
    return { client, status: await client.status() };
  }

  /** A home that nobody has used yet has no folder to watch; it is watched after the first start. */
  #watchHome(): void {
    if (this.#watcher || this.#ended.signal.aborted) return;
    const { home } = this.#options;
    const file = basename(homeLayout(home).spelldFile);
    try {
      this.#watcher = watch(home, (_, name) => void (name === file && this.#look()));
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      this.#watcher = undefined;
    }
  }

  #set(state: ControlPlaneState): void {
    this.#state = state;
    if (!this.#ended.signal.aborted) this.#changed.fire(state);
  }
}

async function reach({ url, token }: RemoteContext): Promise<Connection> {
  const client = connectTo(url, token);
  return { client, status: await client.status() };
}
