import { scales, scalingOf } from '../../api/scaling.ts';
import type { EffectiveSettings } from '../../api/settings.ts';
import type { Platform, ServerKey } from '../../platform/platform.ts';
import type { Events } from '../events.ts';
import { objectOf } from '../model-servers/context.ts';
import type { PlatformView } from '../rollout/platform-view.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { Store } from '../store/store.ts';
import { type History, localBehavior } from './behavior.ts';
import { desiredPods } from './desired-pods.ts';
import { type Measured, Meter } from './meter.ts';
import { podsWanted } from './pods-wanted.ts';
import { scalingReason } from './scaling-reason.ts';

/** How often is looked, in milliseconds. */
export const lookEveryMs = 2000;

export interface AutoscalerOptions {
  store: Store;
  events: Events;
  platform: Platform;
  view: PlatformView;
  now: () => Date;
  /** The number of pods of a model server was changed. */
  changed: (key: ServerKey) => Promise<void>;
  /** A line for the log. */
  say: (line: string) => void;
}

/** What is known of one model server that scales. A new revision that answers begins anew. */
interface Watched {
  revision: number;
  meter: Meter;
  history: History;
  measured: Measured | null;
}

interface Answering {
  revision: number;
  settings: EffectiveSettings;
}

/** Looks at the metrics of each model server that has a target, and changes its number of pods as {@link desiredPods} says. */
export class Autoscaler {
  readonly #options: AutoscalerOptions;
  readonly #watched = new Map<string, Watched>();
  /** Of the revisions that answer, which never change: most looks find the same ones. */
  readonly #answering = new Map<string, Answering>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: AutoscalerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** What its metrics were at the last look; null where nothing scales. */
  measured(key: ServerKey): Measured | null {
    return this.#watched.get(objectOf(key))?.measured ?? null;
  }

  /** Looks once at all of them. A look that takes longer than the pause before the next is not begun twice. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const all = this.#options.store.modelServers.all();
      const scaled = all.filter((server) => this.#scalable(server) !== undefined);
      forgetOthers(this.#watched, scaled);
      forgetOthers(this.#answering, all);
      await Promise.all(scaled.map((server) => this.#lookAt(server)));
    } catch (error) {
      this.#options.say(`scaling failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#looking = false;
    }
  }

  /** The revision that answers and its settings, where they let it scale. */
  #scalable(server: ModelServerRecord): Answering | undefined {
    if (server.lifecycle !== 'running' || server.active === null) return undefined;
    const answering = this.#settingsOf(server, server.active);
    return answering && scales(scalingOf(answering.settings)) ? answering : undefined;
  }

  #settingsOf(key: ServerKey, revision: number): Answering | undefined {
    const known = this.#answering.get(objectOf(key));
    if (known?.revision === revision) return known;
    const settings = this.#options.store.revisions.get(key, revision)?.spec.settings;
    if (!settings) return undefined;
    this.#answering.set(objectOf(key), { revision, settings });
    return { revision, settings };
  }

  async #lookAt(key: ServerKey): Promise<void> {
    const { platform, view, store, now, say } = this.#options;
    const [traffic, usage] = await Promise.all([platform.traffic(key), platform.usage?.(key) ?? null]).catch((error: unknown) => {
      say(`the metrics of ${objectOf(key)} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      return [null, null] as const;
    });
    // The store may have changed while the platform was asked.
    const server = store.modelServers.get(key);
    const found = server && this.#scalable(server);
    const observed = view.of(key);
    if (!found || observed === null) return;

    const { revision, settings } = found;
    const scaling = scalingOf(settings);
    const current = podsWanted(server, settings);
    const at = now().getTime();
    const watched = this.#watch(key, revision, { at, pods: current });
    const pods = observed.revisions.find((each) => each.revision === revision)?.pods ?? [];
    const measured = watched.meter.measure({ at, pods, traffic, usage }, scaling, current, settings['cpu-request']);
    watched.measured = measured;
    const { min, max } = scaling;
    const decision = desiredPods({
      current,
      min,
      max,
      readings: measured.readings,
      history: watched.history,
      behavior: localBehavior,
      now: at,
    });
    watched.history = decision.history;
    if (decision.pods !== current) this.#scale(server, current, decision.pods, scalingReason(scaling, measured, decision.pods));
  }

  /** What stood before anything was measured counts as a recommendation, so that a fresh start takes no pod away at once. */
  #watch(key: ServerKey, revision: number, first: { at: number; pods: number }): Watched {
    const known = this.#watched.get(objectOf(key));
    if (known?.revision === revision) return known;
    const fresh = { revision, meter: known?.meter ?? new Meter(), history: { recommendations: [first], changes: [] }, measured: null };
    this.#watched.set(objectOf(key), fresh);
    return fresh;
  }

  #scale(server: ModelServerRecord, from: number, to: number, reason: string): void {
    const { store, events, changed } = this.#options;
    store.change(() => {
      store.modelServers.put({ ...server, pods: to });
      events.append({
        type: 'server.scaled',
        object: objectOf(server),
        message: `${from} → ${to} ${to === 1 ? 'pod' : 'pods'}: ${reason}`,
        data: { from, to },
      });
    });
    void changed(server);
  }
}

function forgetOthers(map: Map<string, unknown>, kept: readonly ServerKey[]): void {
  const objects = new Set(kept.map(objectOf));
  for (const object of map.keys()) if (!objects.has(object)) map.delete(object);
}
