import { asSpellError } from '../api/errors.ts';
import type { Observation, Platform } from '../platform/platform.ts';
import { Autoscaler } from './autoscaling/autoscaler.ts';
import { Endpoint } from './endpoint.ts';
import { Events } from './events.ts';
import { contentsHandlers } from './http/handlers/contents.ts';
import { environmentsHandlers } from './http/handlers/environments.ts';
import { eventsHandlers } from './http/handlers/events.ts';
import { gatewayHandlers } from './http/handlers/gateway.ts';
import { modelServersHandlers } from './http/handlers/model-servers.ts';
import { modelsHandlers } from './http/handlers/models.ts';
import type { ProcessRoute } from './http/handlers/process.ts';
import { resourcesHandlers } from './http/handlers/resources.ts';
import type { Handlers } from './http/handlers.ts';
import { MetricsHistory } from './metrics-history/metrics-history.ts';
import { type ModelServerContext, objectOf } from './model-servers/context.ts';
import { usersOfModel, usersOfResource } from './model-servers/users.ts';
import { Models } from './models.ts';
import { needsOf } from './placement/pod-needs.ts';
import { Scheduler } from './placement/scheduler.ts';
import { type Author, Resources, type Users } from './resources.ts';
import { ControlLoop } from './rollout/loop.ts';
import { PlatformView } from './rollout/platform-view.ts';
import { Runs } from './runs.ts';
import type { Contents } from './store/contents.ts';
import { pruneContents } from './store/prune.ts';
import type { Store } from './store/store.ts';

/** How long a platform that could not start is left alone, at first and at most. */
const firstRetryMs = 500;
const lastRetryMs = 30_000;

/** How often contents that nothing needs any more are looked for. */
const pruneMs = 3_600_000;

export interface ControlPlaneOptions {
  store: Store;
  contents: Contents;
  platform: Platform;
  author: Author;
  /** Where it keeps what model servers did lately. */
  metricsFile: string;
  /** A line for the log. */
  say: (line: string) => void;
  /** Called after each observation. */
  observed?: () => void;
}

/** Everything that decides, put together around one store and one platform. */
export class ControlPlane {
  readonly events: Events;
  readonly endpoint: Endpoint;
  /** Every route but those of the process itself. */
  readonly handlers: Omit<Handlers, ProcessRoute>;
  readonly #options: ControlPlaneOptions;
  readonly #view = new PlatformView();
  readonly #scheduler: Scheduler;
  readonly #loop: ControlLoop;
  readonly #autoscaler: Autoscaler;
  readonly #history: MetricsHistory;
  #unwatch: () => void = () => {};
  #retry: NodeJS.Timeout | undefined;
  #pruning: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: ControlPlaneOptions) {
    const { store, contents, platform, author, say } = options;
    this.#options = options;
    this.events = new Events(store.events, author.now);
    this.endpoint = new Endpoint(store.facts);
    this.#scheduler = new Scheduler(store.facts, (object, revision) => {
      const at = object.indexOf('/');
      const key = { owner: object.slice(0, at), name: object.slice(at + 1) };
      const record = store.revisions.get(key, revision);
      const rollout = store.rollouts.last(key);
      // What an old revision makes room for is the new one's, whoever else waits.
      const replaces = rollout?.revision === revision && rollout.state === 'progressing' && rollout.recreate === 'replacing';
      return record && { needs: needsOf(record.said), since: replaces ? '' : record.createdAt };
    });
    this.#loop = new ControlLoop({
      store,
      events: this.events,
      platform,
      view: this.#view,
      scheduler: this.#scheduler,
      now: author.now,
      say,
    });
    this.#autoscaler = new Autoscaler({
      store,
      events: this.events,
      platform,
      view: this.#view,
      now: author.now,
      changed: (key) => this.#loop.changed(key),
      say,
    });
    this.#history = new MetricsHistory({ store, platform, view: this.#view, now: author.now, say, file: options.metricsFile });
    const users: Users = {
      ofModel: (model, version) => usersOfModel(store, model, version),
      ofResource: (path) => usersOfResource(store, path),
    };
    const resources = new Resources(store, contents, this.events, author, users);
    const models = new Models(store, resources, contents, this.events, author, users);
    const context: ModelServerContext = {
      store,
      contents,
      models,
      resources,
      events: this.events,
      author,
      observed: (key) => this.#view.of(key),
      nodeGroups: () => platform.nodeGroups(),
      shortage: (key, revision) => this.#scheduler.shortage(objectOf(key), revision),
      limits: () => this.#view.newest?.limits ?? null,
      endpoint: this.endpoint,
      changed: (key) => this.#loop.changed(key),
      measured: (key) => this.#autoscaler.measured(key),
    };
    this.handlers = {
      ...contentsHandlers(contents, (dryRun) => pruneContents(store, contents, author.now(), dryRun)),
      ...resourcesHandlers(resources, new Runs(store, contents, resources, this.events, author)),
      ...modelsHandlers(models),
      ...modelServersHandlers(context, platform, this.#history),
      ...environmentsHandlers(store, platform, this.events),
      ...gatewayHandlers(platform),
      ...eventsHandlers(this.events),
    };
  }

  /** What the platform showed last; null until it has shown anything. */
  get observation(): Observation | null {
    return this.#view.newest;
  }

  /** Starts the platform and makes it so. Returns at once: the API answers meanwhile. */
  start(): void {
    this.#unwatch = this.#options.platform.watch((observation) => this.#observe(observation));
    void this.#startPlatform(firstRetryMs);
    this.#autoscaler.start();
    this.#history.start();
    this.#pruning = setInterval(() => void this.#prune(), pruneMs).unref();
  }

  /** Decides nothing any more, and ends the platform's part as {@link Platform.stop} says. */
  async stop(mode: 'keep' | 'all'): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#retry);
    this.#autoscaler.end();
    this.#history.end();
    clearInterval(this.#pruning);
    this.#loop.end();
    this.#unwatch();
    await this.#options.platform.stop(mode);
  }

  #observe(observation: Observation): void {
    this.#loop.observe(observation);
    try {
      this.endpoint.observe(observation);
      this.#options.observed?.();
    } catch (error) {
      // A full disk must not reach the platform's own loop.
      this.#options.say(`the endpoint's address could not be noted down: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #startPlatform(retryMs: number): Promise<void> {
    const { platform, say } = this.#options;
    try {
      await platform.start();
      if (!this.#ended) this.#loop.open();
    } catch (error) {
      const problem = asSpellError(error);
      say(`the platform cannot start (${problem.code}): ${problem.message}`);
      this.endpoint.failed(problem);
      if (this.#ended) return;
      this.#retry = setTimeout(() => void this.#startPlatform(Math.min(retryMs * 2, lastRetryMs)), retryMs).unref();
    }
  }

  async #prune(): Promise<void> {
    const { store, contents, author, say } = this.#options;
    try {
      const { removed } = await pruneContents(store, contents, author.now(), false);
      if (removed.contents > 0) say(`removed ${removed.contents} contents that nothing needs any more: ${removed.bytes} bytes`);
    } catch (error) {
      say(`contents could not be pruned: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
