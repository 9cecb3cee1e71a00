import type { LogLine, ObservedPod } from '../../api/objects.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../../api/traffic.ts';
import type { PodUserMetrics } from '../../api/user-metrics.ts';
import type {
  DesiredModelServer,
  KeptEnvironment,
  LogQuery,
  Observation,
  ObservedModelServer,
  ObservedRevision,
  Platform,
  PodUsage,
  ServerKey,
} from '../../platform/platform.ts';

/**
 * A platform without machines: it notes what it is told, and shows what a test says. Nothing gets ready by itself, so
 * every test decides the order of things.
 */
export class FakePlatform implements Platform {
  readonly name = 'fake';
  /** Every desired state there is, by `OWNER/NAME`. */
  readonly told = new Map<string, DesiredModelServer>();
  readonly removed: string[] = [];
  readonly stopped: ('keep' | 'all')[] = [];
  lines: LogLine[] = [];
  seenTraffic: ObservedTraffic | null = null;
  seenUsage: PodUsage[] = [];
  seenUserMetrics: PodUserMetrics[] = [];
  seenRequests: RequestRecord[] = [];
  seenBatches: BatchRecord[] = [];
  kept: KeptEnvironment[] = [];
  /** What the next `start` or `apply` rejects with. */
  failStart: Error | null = null;
  failApply: Error | null = null;
  observation: Observation = { endpoint: null, processes: {}, servers: [] };
  readonly #listeners = new Set<(observed: Observation) => void>();

  async nodeGroups(): Promise<readonly string[]> {
    return ['default'];
  }

  async start(): Promise<void> {
    if (this.failStart) throw this.failStart;
    this.show({ endpoint: 'http://127.0.0.1:8000', processes: { gateway: 4711 } });
  }

  async apply(desired: DesiredModelServer): Promise<void> {
    if (this.failApply) throw this.failApply;
    this.told.set(`${desired.owner}/${desired.name}`, structuredClone(desired));
  }

  async remove({ owner, name }: ServerKey): Promise<void> {
    this.told.delete(`${owner}/${name}`);
    this.removed.push(`${owner}/${name}`);
  }

  watch(listener: (observed: Observation) => void): () => void {
    this.#listeners.add(listener);
    listener(this.observation);
    return () => this.#listeners.delete(listener);
  }

  async *logs({ pod, tail, since = '', follow, signal }: LogQuery): AsyncGenerator<LogLine> {
    const lines = this.lines.filter((line) => line.position > since && (pod === undefined || line.pod === pod));
    yield* tail === undefined ? lines : lines.slice(-tail);
    if (follow && signal) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  async traffic(): Promise<ObservedTraffic | null> {
    return this.seenTraffic;
  }

  async usage(): Promise<PodUsage[]> {
    return this.seenUsage;
  }

  async userMetrics(): Promise<PodUserMetrics[]> {
    return this.seenUserMetrics;
  }

  async requests(): Promise<RequestRecord[]> {
    return this.seenRequests;
  }

  async batches(): Promise<BatchRecord[]> {
    return this.seenBatches;
  }

  async environments(): Promise<KeptEnvironment[]> {
    return this.kept;
  }

  async environmentLog(id: string): Promise<string[] | null> {
    return this.kept.some((each) => each.id === id) ? [`made ${id}`] : null;
  }

  async removeEnvironments(ids: readonly string[]): Promise<string[]> {
    const gone = this.kept.filter(({ id, inUse }) => ids.includes(id) && !inUse).map(({ id }) => id);
    this.kept = this.kept.filter(({ id }) => !gone.includes(id));
    return gone;
  }

  async metrics(): Promise<string> {
    return 'spell_requests_total 3\n';
  }

  async stop(mode: 'keep' | 'all'): Promise<void> {
    this.stopped.push(mode);
  }

  /** Changes what is shown. */
  show(change: Partial<Observation>): void {
    this.observation = { ...this.observation, ...change };
    for (const listener of this.#listeners) listener(this.observation);
  }

  /** Shows one model server, whole. */
  showServer(server: ObservedModelServer): void {
    const others = this.observation.servers.filter(({ owner, name }) => owner !== server.owner || name !== server.name);
    this.show({ servers: [...others, server] });
  }

  /** Makes everything that was told so, at once: all pods ready, nothing else there. */
  obey(): void {
    this.show({
      servers: [...this.told.values()].map(({ owner, name, serving, revisions }) => ({
        owner,
        name,
        serving,
        revisions: revisions.map(({ revision, pods }) => seenRevision(revision, Array(pods).fill('ready'))),
      })),
    });
  }
}

/** A revision as it is seen, with pods in these states. */
export function seenRevision(revision: number, states: ObservedPod['state'][], more: Partial<ObservedRevision> = {}): ObservedRevision {
  const pods = states.map((state, index) => seenPod(`r${revision}-${index}`, state));
  return { revision, preparing: null, failure: null, paths: 'rewrite', python: '/usr/bin/python3', pods, ...more };
}

export function seenPod(id: string, state: ObservedPod['state'], more: Partial<ObservedPod> = {}): ObservedPod {
  const readyAt = state === 'ready' ? '2026-01-01T00:00:01.000Z' : null;
  return { id, state, reason: null, createdAt: '2026-01-01T00:00:00.000Z', readyAt, restarts: 0, workers: [], ...more };
}
