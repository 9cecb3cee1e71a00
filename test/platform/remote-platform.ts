import type { LogLine } from '../../runtime/api/objects.ts';
import type { BatchRecord, ObservedTraffic, RequestRecord } from '../../runtime/api/traffic.ts';
import type { PodUserMetrics } from '../../runtime/api/user-metrics.ts';
import type { DesiredModelServer, LogQuery, Observation, Platform, ServerKey } from '../../runtime/platform/platform.ts';

/** As often as a watch that lost everything says the whole again. */
const resyncMs = 50;
const lateMs = 30;

/**
 * A platform as a far cluster is one, made out of another: nothing but JSON passes, what is said may arrive twice, a
 * watch loses messages, repeats them and is late (seeded), and a process id means nothing here.
 */
export class RemotePlatform implements Platform {
  readonly name = 'remote';
  readonly #inner: Platform;
  readonly #random: () => number;

  constructor(inner: Platform, random: () => number) {
    this.#inner = inner;
    this.#random = random;
  }

  nodeGroups(): Promise<readonly string[]> {
    return this.#inner.nodeGroups();
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async apply(desired: DesiredModelServer): Promise<void> {
    await this.#inner.apply(sent(desired));
    if (this.#random() < 0.3) await this.#inner.apply(sent(desired));
  }

  async remove(server: ServerKey): Promise<void> {
    await this.#inner.remove(sent(server));
    if (this.#random() < 0.3) await this.#inner.remove(sent(server));
  }

  watch(listener: (observed: Observation) => void): () => void {
    let newest: { number: number; text: string } | undefined;
    let number = 0;
    let delivered = 0;
    const timers = new Set<NodeJS.Timeout>();
    const deliver = (message: typeof newest): void => {
      // A connection keeps the order of what it does not lose.
      if (!message || message.number < delivered) return;
      delivered = message.number;
      listener(JSON.parse(message.text) as Observation);
    };
    const deliverLate = (message: typeof newest): void => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        deliver(message);
      }, lateMs);
      timers.add(timer);
    };
    const end = this.#inner.watch((observed) => {
      newest = { number: ++number, text: JSON.stringify(withoutProcesses(observed)) };
      const fate = number === 1 ? 1 : this.#random();
      if (fate < 0.35) return;
      if (fate < 0.55) deliverLate(newest);
      else deliver(newest);
      if (fate < 0.7) deliver(newest);
    });
    const resync = setInterval(() => deliver(newest), resyncMs);
    return () => {
      end();
      clearInterval(resync);
      for (const timer of timers) clearTimeout(timer);
    };
  }

  async *logs({ signal, ...query }: LogQuery): AsyncIterable<LogLine> {
    for await (const line of this.#inner.logs({ ...sent(query), ...(signal ? { signal } : {}) })) yield sent(line);
  }

  async traffic(server: ServerKey): Promise<ObservedTraffic | null> {
    return sent(await this.#inner.traffic(sent(server)));
  }

  async userMetrics(server: ServerKey): Promise<PodUserMetrics[]> {
    return sent(await this.#inner.userMetrics(sent(server)));
  }

  async requests(server: ServerKey): Promise<RequestRecord[]> {
    return sent(await this.#inner.requests(sent(server)));
  }

  async batches(server: ServerKey): Promise<BatchRecord[]> {
    return sent(await this.#inner.batches(sent(server)));
  }

  stop(mode: 'keep' | 'all'): Promise<void> {
    return this.#inner.stop(mode);
  }
}

function sent<T>(message: T): T {
  return JSON.parse(JSON.stringify(message)) as T;
}

function withoutProcesses(observed: Observation): Observation {
  const servers = observed.servers.map((server) => ({
    ...server,
    revisions: server.revisions.map((revision) => ({ ...revision, pods: revision.pods.map((pod) => ({ ...pod, workers: [] })) })),
  }));
  return { ...observed, processes: {}, servers };
}
