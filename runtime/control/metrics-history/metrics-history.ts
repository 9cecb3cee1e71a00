import type { MetricsPoint } from '../../api/objects.ts';
import type { Platform, ServerKey } from '../../platform/platform.ts';
import { objectOf } from '../model-servers/context.ts';
import type { PlatformView } from '../rollout/platform-view.ts';
import type { Store } from '../store/store.ts';
import { seriesOf } from './series.ts';
import { userCounters } from './user-window.ts';
import { type Counters, joinWindows, type MetricsWindow, windowBetween } from './window.ts';
import { resolutions, WindowsTable } from './windows-table.ts';

/** How much longer than it has to be something may be kept. */
const tidyEveryMs = 600_000;

export interface MetricsHistoryOptions {
  store: Store;
  platform: Platform;
  view: PlatformView;
  now: () => Date;
  /** A line for the log. */
  say: (line: string) => void;
  /** Where it is kept. */
  file: string;
}

/** Notes what each model server does, every few seconds, and joins that to minutes. */
export class MetricsHistory {
  readonly #options: MetricsHistoryOptions;
  readonly #table: WindowsTable;
  readonly #last = new Map<string, Counters>();
  /** What was noted since the last full minute. */
  readonly #minute = new Map<string, MetricsWindow[]>();
  #timer: NodeJS.Timeout | undefined;
  #tidyAt = 0;
  #looking = false;
  #failing = false;

  constructor(options: MetricsHistoryOptions) {
    this.#options = options;
    this.#table = WindowsTable.open(options.file);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), resolutions.fine.everyMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#table.close();
    this.#timer = undefined;
  }

  /** What a model server did in the last `rangeMs`, in points of at least `stepMs`. */
  points(key: ServerKey, rangeMs: number, stepMs: number): MetricsPoint[] {
    const resolution = rangeMs <= resolutions.fine.keptMs ? 'fine' : 'coarse';
    const since = this.#options.now().getTime() - rangeMs;
    return seriesOf(this.#table.after(key, resolution, since), Math.max(stepMs, resolutions[resolution].everyMs));
  }

  /** Looks once at all that run. A look that takes longer than the pause before the next is not begun twice. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const running = this.#options.store.modelServers.all().filter(({ lifecycle, active }) => lifecycle === 'running' && active !== null);
      const windows = await Promise.all(running.map(async (server) => ({ server, window: await this.#windowOf(server) })));
      if (this.#timer === undefined) return;
      this.#table.change(() => {
        for (const { server, window } of windows) if (window) this.#note(server, window);
        this.#tidy();
      });
      this.#failing = false;
    } catch (error) {
      // One line is enough for a disk that stays full.
      if (!this.#failing) this.#options.say(`metrics could not be noted: ${error instanceof Error ? error.message : String(error)}`);
      this.#failing = true;
    } finally {
      this.#looking = false;
    }
  }

  /** What it did since the last look; undefined at the first one, or when nobody can say. */
  async #windowOf({ owner, name, active }: ServerKey & { active: number | null }): Promise<MetricsWindow | undefined> {
    const { platform, view, now } = this.#options;
    const key = { owner, name };
    const before = this.#last.get(objectOf(key));
    const [traffic, usage] = await Promise.all([platform.traffic(key), platform.usage?.(key) ?? null]).catch(() => [null, null] as const);
    if (!traffic) return undefined;
    // Nobody is asked anything more for a predictor without metrics of its own.
    const reports = traffic.userMetrics ? await platform.userMetrics(key).catch(() => null) : [];
    if (reports === null) return undefined;
    const user = reports.length === 0 ? undefined : userCounters(before?.user, reports);
    const pods = view.of(key)?.revisions.find(({ revision }) => revision === active)?.pods ?? [];
    const readyPods = pods.filter(({ state }) => state === 'ready').length;
    const counters: Counters = { at: now().getTime(), traffic, usage, readyPods, user };
    this.#last.set(objectOf(key), counters);
    return before && windowBetween(before, counters);
  }

  /** Now and then, and as soon as one of those that were noted is removed: it reads the whole table. */
  #tidy(): void {
    const { store, now } = this.#options;
    const known = new Set(store.modelServers.all().map(objectOf));
    const removed = [...this.#last.keys()].filter((object) => !known.has(object));
    const at = now().getTime();
    if (removed.length === 0 && at < this.#tidyAt) return;
    this.#table.tidy(at, (key) => known.has(objectOf(key)));
    this.#tidyAt = at + tidyEveryMs;
    for (const object of removed) {
      this.#last.delete(object);
      this.#minute.delete(object);
    }
  }

  #note(key: ServerKey, window: MetricsWindow): void {
    this.#table.insert(key, 'fine', window);
    const object = objectOf(key);
    const minute = [...(this.#minute.get(object) ?? []), window];
    const isFull = minute.reduce((sum, { ms }) => sum + ms, 0) >= resolutions.coarse.everyMs;
    if (isFull) this.#table.insert(key, 'coarse', joinWindows(minute as [MetricsWindow, ...MetricsWindow[]]));
    this.#minute.set(object, isFull ? [] : minute);
  }
}
