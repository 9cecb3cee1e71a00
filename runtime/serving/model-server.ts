import { maxQueueOf } from '../api/max-queue.ts';
import { podIdOf } from '../api/pod-id.ts';
import type { EffectiveSettings } from '../api/settings.ts';
import type { GatewayRevision, GatewayServer, GatewayServerObserved } from './admin.ts';
import type { ServerLogs } from './logs/server-logs.ts';
import { ServerTraffic } from './metrics/server-traffic.ts';
import type { PodReport } from './metrics/user-exposition.ts';
import type { Pod, PodPlace } from './pool/pod.ts';
import { Revision } from './pool/revision.ts';
import type { SeatSurroundings } from './pool/seat.ts';
import type { Worker } from './pool/worker.ts';
import { Incidents } from './records/incidents.ts';
import type { Refusal } from './requests/caller.ts';
import { type FlowPolicy, RequestFlow } from './requests/request-flow.ts';
import { unavailableRetryAfter } from './requests/retry-after.ts';

/** What a model server needs from the gateway. */
export interface ModelServerSurroundings extends SeatSurroundings {
  logs: ServerLogs;
  /** A few characters that make a pod's id its own. */
  podSuffix(): string;
  /** What is observed of this model server may have changed. */
  changed(): void;
}

/** One model server in the gateway: the revisions that have pods, which of them answers, and why none does. */
export class ModelServer implements FlowPolicy {
  readonly owner: string;
  readonly name: string;
  readonly traffic: ServerTraffic;
  readonly flow: RequestFlow;
  /** Of the revision that answers, or of the newest one while none does. */
  settings: EffectiveSettings | undefined;
  maxQueue = 0;

  readonly #around: ModelServerSurroundings;
  readonly #revisions: Map<number, Revision> = new Map();
  /** Pods that drain, with the promise that they are gone. */
  readonly #leaving: Map<Pod, Promise<void>> = new Map();
  #desired: GatewayServer;
  #removed = false;

  constructor(desired: GatewayServer, around: ModelServerSurroundings) {
    this.owner = desired.owner;
    this.name = desired.name;
    this.#desired = desired;
    this.#around = around;
    this.traffic = new ServerTraffic(new Incidents(around.clock, around.changed, () => this.maxQueue));
    this.flow = new RequestFlow(this, around.inFlight);
  }

  apply(desired: GatewayServer): void {
    this.#desired = desired;
    const wanted = new Map(desired.stopped ? [] : desired.revisions.map((each) => [each.revision, each] as const));
    for (const [number, each] of wanted) {
      const revision = this.#revisions.get(number) ?? this.#addRevision(each);
      revision.scale(each);
    }
    // First the new serving revision takes requests, so that what the old ones then give back finds its way.
    this.#reroute();
    for (const [number, revision] of this.#revisions) {
      if (wanted.has(number)) continue;
      this.#revisions.delete(number);
      revision.close();
    }
    this.#reroute();
  }

  /** Its endpoint is gone: nothing new, what waits is refused, what runs may finish. Resolves when nothing is left. */
  async remove(): Promise<void> {
    this.#removed = true;
    await this.close();
  }

  /** The gateway ends: as if it were stopped. Resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.apply({ ...this.#desired, stopped: true });
    await Promise.all(this.#leaving.values());
  }

  refusal(): Refusal | undefined {
    if (this.#removed) return { code: 'not-found', message: `there is no model server ${this.owner}/${this.name}` };
    if (this.#desired.stopped) {
      return {
        code: 'stopped',
        message: `the model server ${this.owner}/${this.name} is stopped`,
        retryAfter: unavailableRetryAfter.stopped,
      };
    }
    if (this.flow.workers.length > 0) return undefined;
    return this.#mayGetReady && this.settings !== undefined && this.settings['start-wait'] > 0 ? undefined : this.notReady();
  }

  notReady(): Refusal {
    const revision = this.#current;
    if (revision?.unhealthy) {
      return { code: 'unhealthy', message: `no pod of ${this.owner}/${this.name} is healthy`, retryAfter: unavailableRetryAfter.unhealthy };
    }
    const failure = revision?.failure;
    const retryAfter = failure?.final ? unavailableRetryAfter.failed : unavailableRetryAfter.starting;
    const why = failure ? `: ${failure.message}` : '';
    return { code: 'not-ready', message: `no pod of ${this.owner}/${this.name} is ready${why}`, retryAfter };
  }

  /** Why the gateway cannot call it healthy; `undefined` when it can. */
  healthRefusal(): Refusal | undefined {
    return this.refusal() ?? (this.flow.workers.length === 0 ? this.notReady() : undefined);
  }

  get workerToAsk(): Worker | undefined {
    if (this.#desired.stopped) return undefined;
    const worker = this.#current?.podToAsk?.workerToAsk;
    return worker?.predictor?.health ? worker : undefined;
  }

  /** Whether any of its pods has metrics of the predictor's own. */
  get hasUserMetrics(): boolean {
    return this.#pods.some((pod) => pod.hasUserMetrics);
  }

  /** The predictor's own metrics, of each pod that requests may go to or that still drains. */
  userMetrics(): Promise<PodReport[]> {
    const { owner, name: server } = this;
    return Promise.all(this.#pods.map(async (pod) => ({ owner, server, pod: pod.id, report: await pod.userMetrics() })));
  }

  get #pods(): Pod[] {
    return [...[...this.#revisions.values()].flatMap((revision) => revision.pods), ...this.#leaving.keys()];
  }

  supervise(): void {
    for (const revision of this.#revisions.values()) revision.supervise();
    this.traffic.incidents.supervise();
  }

  observe(): GatewayServerObserved {
    const leaving = [...this.#leaving.keys()];
    const numbers = new Set([...this.#revisions.keys(), ...leaving.map(({ revision }) => revision)]);
    return {
      owner: this.owner,
      name: this.name,
      serving: this.#desired.stopped ? null : this.#desired.serving,
      incidents: this.traffic.incidents.shown,
      revisions: [...numbers]
        .sort((a, b) => a - b)
        .map((number) => {
          const revision = this.#revisions.get(number);
          const pods = [...(revision?.pods ?? []), ...leaving.filter((pod) => pod.revision === number)];
          return { revision: number, failure: revision?.failure ?? null, pods: pods.map((pod) => pod.observe()) };
        }),
    };
  }

  /** The revision that answers, or the newest one while none does. */
  get #current(): Revision | undefined {
    const { serving } = this.#desired;
    return serving === null ? this.#revisions.get(Math.max(...this.#revisions.keys())) : this.#revisions.get(serving);
  }

  /** Whether waiting may help: pods are on their way. */
  get #mayGetReady(): boolean {
    const revision = this.#current;
    return revision !== undefined && revision.pods.length > 0 && revision.failure?.final !== true && !revision.unhealthy;
  }

  #addRevision(desired: GatewayRevision): Revision {
    const revision = new Revision(desired, this.#around, {
      changed: () => this.#reroute(),
      freed: () => this.flow.pump(),
      returned: (slots) => this.flow.takeBack(slots),
      place: (each) => this.#podPlace(each),
      leaving: (pod) => this.#drain(pod, revision.settings),
    });
    this.#revisions.set(desired.revision, revision);
    return revision;
  }

  #podPlace(revision: GatewayRevision): PodPlace {
    const id = podIdOf(this.name, revision.revision, this.#around.podSuffix());
    return {
      id,
      owner: this.owner,
      server: this.name,
      revision,
      log: this.#around.logs.openPod(id),
      counter: this.traffic.addPod(id, revision.revision),
      healthPath: `/${this.owner}/${this.name}/health`,
    };
  }

  #drain(pod: Pod, settings: EffectiveSettings): void {
    const gone = pod.drain(settings['drain-timeout'] * 1000).then(async () => {
      await this.#around.logs.closePod(pod.id);
      this.#leaving.delete(pod);
      this.traffic.forget(pod.place.counter);
      this.#around.changed();
    });
    this.#leaving.set(pod, gone);
  }

  /** Looks anew who may get requests: the ready workers of the serving revision. */
  #reroute(): void {
    const { serving, stopped } = this.#desired;
    this.settings = this.#current?.settings;
    this.maxQueue = this.#current ? maxQueueOf(this.#current.settings, this.#current.desiredPods) : 0;
    this.flow.route(stopped || serving === null ? [] : (this.#revisions.get(serving)?.workers ?? []));
    this.#around.changed();
  }
}
