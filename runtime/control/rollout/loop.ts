import { isDeepStrictEqual } from 'node:util';
import { secretMask } from '../../api/secret-mask.ts';
import type { DesiredModelServer, Observation, Platform, ServerKey } from '../../platform/platform.ts';
import type { Events } from '../events.ts';
import { objectOf } from '../model-servers/context.ts';
import type { Scheduler } from '../placement/scheduler.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';
import type { Store } from '../store/store.ts';
import { incidentNews, type ToldIncidents, toldIncidents } from './incident-news.ts';
import { lastLines } from './last-lines.ts';
import { observedEvents } from './observed-events.ts';
import type { PlatformView } from './platform-view.ts';
import { type Decision, reconcile, type Stored } from './reconcile.ts';

/** How long a platform that refused what it was told, or a store that could not be written, is left alone. */
const retryMs = 1000;

/** What a platform that shows nothing would show. */
const nothing: Observation = { endpoint: null, processes: {}, servers: [] };

export interface LoopOptions {
  store: Store;
  events: Events;
  platform: Platform;
  view: PlatformView;
  scheduler: Scheduler;
  now: () => Date;
  /** A line for the log. */
  say: (line: string) => void;
}

/**
 * Drives {@link reconcile}: after each change of the store, each observation, and each deadline. The platform is always
 * told first and believed after: what was seen before it knew what is wanted decides nothing.
 */
export class ControlLoop {
  readonly #options: LoopOptions;
  /** What the platform has confirmed to have noted, as JSON, by object. */
  readonly #confirmed = new Map<string, string>();
  /** What the platform is being told at this moment, by object. Never rejects. */
  readonly #sending = new Map<string, Promise<void>>();
  /** The revisions of a model server of which it was told that pods have no place, by object. */
  readonly #toldShort = new Map<string, string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #ended = new AbortController();
  #seen: Observation | null = null;
  #waiting: Observation | null = null;
  #open = false;
  #lookedOnce = false;
  #toldIncidents: ToldIncidents;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#toldIncidents = toldIncidents.parse(JSON.parse(options.store.facts.get('incidents-told') ?? '{}'));
  }

  /** Begins to tell the platform what is wanted, of every model server there is. The platform has started. */
  open(): void {
    this.#open = true;
    this.#passAll();
  }

  /** Nothing is decided or told any more. */
  end(): void {
    this.#open = false;
    this.#ended.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A model server's stored state was changed. Resolves when the platform has heard of it, or did not take it now. */
  async changed(key: ServerKey): Promise<void> {
    this.pass(key);
    await this.#sending.get(objectOf(key));
  }

  /** The platform shows something. What comes in one turn of the event loop counts as one look. */
  observe(observation: Observation): void {
    const first = this.#waiting === null;
    this.#options.view.show(observation);
    this.#waiting = observation;
    if (first) setImmediate(() => this.#look());
  }

  /** Decides once for one model server, and acts on it. */
  pass(key: ServerKey): void {
    if (!this.#open) return;
    try {
      this.#pass(key);
    } catch (error) {
      this.#options.say(`deciding about ${objectOf(key)} failed: ${error instanceof Error ? error.stack : String(error)}`);
      this.#later(key, retryMs);
    }
  }

  #pass(key: ServerKey): void {
    const stored = this.#read(key);
    if (!stored) return;
    const now = this.#options.now();
    const wanted = this.#placed(key, reconcile(stored, null, now).desired);
    if (!this.#isConfirmed(key, wanted)) {
      this.#tell(key, wanted);
      return;
    }
    const decision = reconcile(stored, this.#options.view.of(key), now);
    this.#commit(key, stored, decision);
    if (decision.desired === 'gone') {
      this.#forget(key);
      return;
    }
    if (decision.wakeAt) this.#later(key, Math.max(0, decision.wakeAt.getTime() - now.getTime()));
    const desired = this.#placed(key, decision.desired);
    if (!this.#isConfirmed(key, desired)) this.#tell(key, desired);
    this.#tellShortages(key, desired, decision.rollout);
    if (lost(stored.rollout, decision.rollout)) void this.#keepLog(key, decision.rollout);
  }

  /** With as many pods as there is room for: the others wait, here and not on the platform. */
  #placed(key: ServerKey, desired: Decision['desired']): Decision['desired'] {
    const { scheduler, view } = this.#options;
    const revisions = typeof desired === 'string' ? [] : desired.revisions;
    const pods = scheduler.want(objectOf(key), revisions, view.newest);
    if (typeof desired === 'string') return desired;
    return { ...desired, revisions: revisions.map((each) => ({ ...each, pods: pods.get(each.revision) ?? each.pods })) };
  }

  /** What lacks a place while nothing is rolled out: more pods were wanted than there is room for. A rollout tells of its own. */
  #tellShortages(key: ServerKey, desired: Decision['desired'], rollout: RolloutRecord | undefined): void {
    const { scheduler, store, events } = this.#options;
    const object = objectOf(key);
    const { revisions } = typeof desired === 'string' ? { revisions: [] } : desired;
    const short = revisions.flatMap(({ revision }) => {
      const shortage = rollout?.state === 'progressing' && rollout.revision === revision ? undefined : scheduler.shortage(object, revision);
      return shortage ? [{ revision, ...shortage }] : [];
    });
    const before = this.#toldShort.get(object);
    if (short.length === 0) this.#toldShort.delete(object);
    else this.#toldShort.set(object, short.map(({ revision }) => revision).join());
    if (before === this.#toldShort.get(object)) return;
    store.change(() => {
      for (const { revision, pods, reason } of short) {
        const message = `${pods} more ${pods === 1 ? 'pod of' : 'pods of'} revision ${revision} ${pods === 1 ? 'is' : 'are'} unschedulable: ${reason}`;
        events.append({ type: 'pod.unschedulable', object, message, data: { revision } });
      }
    });
  }

  #read(key: ServerKey): Stored | undefined {
    const { modelServers, rollouts, revisions } = this.#options.store;
    const server = modelServers.get(key);
    if (!server) return undefined;
    const spec: Stored['spec'] = (number) => {
      const record = revisions.get(key, number);
      if (!record) throw new Error(`revision ${number} of ${objectOf(key)} is not stored`);
      return record.spec;
    };
    const shortage: Stored['shortage'] = (revision) => this.#options.scheduler.shortage(objectOf(key), revision);
    return { server, rollout: rollouts.last(key), spec, shortage, forgotten: this.#isConfirmed(key, 'remove') };
  }

  #commit(key: ServerKey, stored: Stored, { server, rollout, revisions, events, desired }: Decision): void {
    const { store } = this.#options;
    const serverChanged = server !== stored.server;
    const rolloutChanged = rollout !== undefined && !isDeepStrictEqual(rollout, stored.rollout);
    if (!serverChanged && !rolloutChanged && events.length === 0 && desired !== 'gone') return;
    store.change(() => {
      if (desired === 'gone') return store.modelServers.remove(key);
      if (serverChanged) store.modelServers.put(server);
      if (rolloutChanged) store.rollouts.update(rollout);
      for (const { revision, state } of revisions) {
        if (state === 'active') store.revisions.activate(key, revision, this.#options.now().toISOString());
        else store.revisions.setState(key, revision, state);
      }
      this.#options.events.append(...events);
    });
  }

  #forget(key: ServerKey): void {
    this.#confirmed.delete(objectOf(key));
    clearTimeout(this.#timers.get(objectOf(key)));
    this.#timers.delete(objectOf(key));
  }

  #isConfirmed(key: ServerKey, desired: DesiredModelServer | 'remove' | 'gone'): boolean {
    return this.#confirmed.get(objectOf(key)) === JSON.stringify(desired);
  }

  /** One message at a time for each model server; what changed meanwhile is found by the pass that follows. */
  #tell(key: ServerKey, desired: DesiredModelServer | 'remove' | 'gone'): void {
    const object = objectOf(key);
    if (desired === 'gone' || this.#sending.has(object)) return;
    const { platform, say } = this.#options;
    const told = desired === 'remove' ? platform.remove({ owner: key.owner, name: key.name }) : platform.apply(desired);
    const sending = told.then(
      () => {
        this.#sending.delete(object);
        this.#confirmed.set(object, JSON.stringify(desired));
        this.pass(key);
      },
      (error: unknown) => {
        this.#sending.delete(object);
        say(`the platform did not take the desired state of ${object}: ${error instanceof Error ? error.message : String(error)}`);
        this.#later(key, retryMs);
      },
    );
    this.#sending.set(object, sending);
  }

  #later(key: ServerKey, ms: number): void {
    if (this.#ended.signal.aborted) return;
    const object = objectOf(key);
    clearTimeout(this.#timers.get(object));
    this.#timers.set(object, setTimeout(() => this.pass(key), ms).unref());
  }

  #look(): void {
    const observation = this.#waiting;
    this.#waiting = null;
    if (observation === null || this.#ended.signal.aborted) return;
    const before = this.#seen;
    this.#seen = observation;
    // A platform that lost its gateway may have lost what it was told with it.
    if (before !== null && observation.endpoint !== before.endpoint) this.#confirmed.clear();
    this.#record(before, observation);
    this.#passAll();
  }

  #record(before: Observation | null, after: Observation): void {
    // What the first look finds is no news: an earlier control plane started it, and told of it.
    const seen = this.#lookedOnce ? observedEvents(before ?? nothing, after) : observedEvents(before ?? nothing, { ...after, servers: [] });
    this.#lookedOnce ||= after.endpoint !== null;
    const { store, events } = this.#options;
    // But what became of traffic while no control plane was there, nobody told.
    const { news, told } = incidentNews(this.#toldIncidents, after);
    if (news.length + seen.length === 0) return;
    try {
      store.change(() => {
        store.facts.set('incidents-told', JSON.stringify(told));
        events.append(...news, ...seen);
      });
      this.#toldIncidents = told;
    } catch (error) {
      this.#options.say(`events were lost: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #passAll(): void {
    if (!this.#open) return;
    const { store, view } = this.#options;
    const known = store.modelServers.all();
    for (const server of known) this.pass(server);
    // What runs and is in no record cannot be seen or stopped by anybody: it must not be there.
    for (const seen of view.newest?.servers ?? []) {
      if (known.some(({ owner, name }) => owner === seen.owner && name === seen.name)) continue;
      if (!this.#isConfirmed(seen, 'remove')) this.#tell(seen, 'remove');
    }
  }

  /** A rollout that failed without lines of its own keeps the last ones that its pods printed. */
  async #keepLog(key: ServerKey, { id, revision }: RolloutRecord): Promise<void> {
    const { platform, store, view, say } = this.#options;
    const pod = view.of(key)?.revisions.find((each) => each.revision === revision)?.pods[0];
    if (!pod) return;
    try {
      const env = store.revisions.get(key, revision)?.spec.settings.env;
      const log = (await lastLines(platform, key, pod.id)).map(secretMask(env));
      store.change(() => {
        const last = store.rollouts.last(key);
        if (last?.id === id && last.log.length === 0) store.rollouts.update({ ...last, log });
      });
    } catch (error) {
      say(`the log of ${objectOf(key)} could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Whether a rollout has failed just now, without a line that says why. */
function lost(before: RolloutRecord | undefined, after: RolloutRecord | undefined): after is RolloutRecord {
  return before?.state === 'progressing' && after?.state === 'failed' && after.log.length === 0;
}
