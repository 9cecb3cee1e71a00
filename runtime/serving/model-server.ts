import type { EffectiveSettings } from '../api/settings.ts';
import type { GatewayRevision, GatewayServer, GatewayServerObserved } from './admin.ts';
import type { ServerLogs } from './logs/server-logs.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import type { Pod, PodPlace } from './pool/pod.ts';
import { Revision } from './pool/revision.ts';
import { healthTimeoutMs, type SeatSurroundings } from './pool/seat.ts';
import type { Worker } from './pool/worker.ts';
import type { Refusal } from './requests/caller.ts';
import { tickMs } from './requests/deadline-wheel.ts';
import { clientGoneStatus } from './requests/in-flight.ts';
import { leastLoaded, recallStuck } from './requests/routing.ts';
import { type Slot, slotState } from './requests/slot.ts';
import { SlotList } from './requests/slot-list.ts';

/** What a model server needs from the gateway. */
export interface ModelServerSurroundings extends SeatSurroundings {
  logs: ServerLogs;
  /** A few characters that make a pod's id its own. */
  podSuffix(): string;
  /** What is observed of this model server may have changed. */
  changed(): void;
}

/**
 * One model server in the gateway: its one queue, the revisions that have pods, and which of them answers. Requests
 * wait in the queue, not at a pod, and go to whichever worker of the serving revision has room first.
 */
export class ModelServer {
  readonly owner: string;
  readonly name: string;
  readonly metrics: RequestMetrics = new RequestMetrics();
  /** Requests that wait for a worker, oldest first. */
  readonly queue: SlotList = new SlotList();

  readonly #around: ModelServerSurroundings;
  readonly #revisions: Map<number, Revision> = new Map();
  /** Pods that drain, with the promise that they are gone. */
  readonly #leaving: Map<Pod, Promise<void>> = new Map();
  #desired: GatewayServer;
  /** The workers that requests go to: those of the serving revision that are ready. */
  #workers: readonly Worker[] = [];
  #removed = false;

  constructor(desired: GatewayServer, around: ModelServerSurroundings) {
    this.owner = desired.owner;
    this.name = desired.name;
    this.#desired = desired;
    this.#around = around;
  }

  /** The settings of the revision that answers, or of the newest one while none does. */
  settings: EffectiveSettings | undefined;

  apply(desired: GatewayServer): void {
    this.#desired = desired;
    const wanted = new Map(desired.stopped ? [] : desired.revisions.map((each) => [each.revision, each] as const));
    for (const [number, each] of wanted) {
      const revision = this.#revisions.get(number) ?? this.#addRevision(each);
      revision.scale(each);
    }
    // Only now that a new serving revision takes requests, so that what the old ones give back finds its way.
    this.#reroute();
    for (const [number, revision] of this.#revisions) {
      if (wanted.has(number)) continue;
      this.#revisions.delete(number);
      revision.close();
    }
    this.#around.changed();
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

  /** Why a request cannot be taken now; `undefined`: it can, though it may have to wait. */
  refusal(): Refusal | undefined {
    const settings = this.settings;
    if (this.#removed) return { code: 'not-found', message: `there is no model server ${this.owner}/${this.name}` };
    if (this.#desired.stopped) {
      return { code: 'stopped', message: `the model server ${this.owner}/${this.name} is stopped`, retryAfter: 10 };
    }
    if (this.#workers.length === 0 && (settings === undefined || settings['start-wait'] === 0 || !this.#mayGetReady))
      return this.#notReady();
    if (settings !== undefined && this.queue.length >= settings['max-queue']) {
      return {
        code: 'queue-full',
        message: `${this.queue.length} requests wait already (max-queue ${settings['max-queue']})`,
        retryAfter: this.#retryAfter(),
      };
    }
    return undefined;
  }

  /** To a worker if one has room, else into the queue. */
  #submit(slot: Slot): void {
    const worker = this.queue.length === 0 ? leastLoaded(this.#workers) : undefined;
    if (worker) {
      worker.send(slot);
      return;
    }
    const refusal = this.refusal();
    if (refusal) {
      this.#around.inFlight.refuse(slot, refusal, null);
      return;
    }
    slot.state = slotState.queued;
    this.queue.push(slot);
    if (this.#workers.length === 0) this.#limitStart(slot);
  }

  /** The request's body is complete: sets the deadline that counts from now on, and takes the request. */
  bodyComplete(slot: Slot): void {
    const { inFlight, clock } = this.#around;
    if (slot.kind === 0) {
      // The slot stays armed for an earlier moment than this one; `expired` looks again then.
      slot.deadline = Math.min(slot.deadline, clock.now() + (this.settings?.['predict-timeout'] ?? 0) * 1000);
      if (slot.deadline < slot.wheelTick * tickMs) this.#rearm(slot, slot.deadline);
      this.#submit(slot);
      return;
    }
    slot.deadline = Math.min(slot.deadline, clock.now() + healthTimeoutMs);
    this.#rearm(slot, slot.deadline);
    const worker = this.#workerToAsk;
    if (worker) worker.probe(slot);
    else inFlight.refuse(slot, this.healthRefusal() ?? this.#notReady(), null);
  }

  /** Whether its predictor has a `health` of its own and can be asked. */
  get hasOwnHealth(): boolean {
    return this.#workerToAsk !== undefined;
  }

  /** Why it cannot be called healthy; `undefined` when it can. */
  healthRefusal(): Refusal | undefined {
    const refusal = this.refusal();
    if (refusal && refusal.code !== 'queue-full') return refusal;
    return this.#workers.length === 0 ? this.#notReady() : undefined;
  }

  /** A slot's time came on the wheel. */
  expired(slot: Slot): void {
    const { inFlight, clock } = this.#around;
    const due = Math.min(slot.deadline, slot.state === slotState.queued ? slot.startDeadline : Number.POSITIVE_INFINITY);
    if (clock.now() < due) {
      inFlight.wheel.arm(slot, due);
      return;
    }
    if (slot.state === slotState.queued) {
      this.queue.remove(slot);
      inFlight.refuse(slot, slot.startDeadline < slot.deadline ? this.#notReady() : deadlinePassed(slot), null);
    } else if (slot.state === slotState.sent && slot.worker) {
      const { worker } = slot;
      slot.caller?.refuse(slot, slot.kind === 1 ? healthTookTooLong : deadlinePassed(slot));
      inFlight.abandon(slot, slot.kind === 1 ? 503 : 504, worker.counter);
      worker.cancel(slot);
    }
  }

  /** The client is gone. */
  clientGone(slot: Slot): void {
    const { inFlight } = this.#around;
    if (slot.state === slotState.queued) {
      this.queue.remove(slot);
      inFlight.finish(slot, clientGoneStatus, null);
    } else if (slot.state === slotState.receiving) {
      inFlight.finish(slot, clientGoneStatus, null);
    } else if (slot.worker && slot.state !== slotState.abandoned) {
      const { worker } = slot;
      inFlight.abandon(slot, clientGoneStatus, worker.counter);
      worker.cancel(slot);
    }
  }

  /** Called with each tick of the wheel. */
  rebalance(now: number): void {
    if (this.#workers.length > 1) recallStuck(this.#workers, now);
  }

  supervise(): void {
    for (const revision of this.#revisions.values()) revision.supervise();
  }

  observe(): GatewayServerObserved {
    const numbers = new Set([...this.#revisions.keys(), ...[...this.#leaving.keys()].map(({ revision }) => revision)]);
    return {
      owner: this.owner,
      name: this.name,
      serving: this.#desired.stopped ? null : this.#desired.serving,
      revisions: [...numbers]
        .sort((a, b) => a - b)
        .map((number) => {
          const revision = this.#revisions.get(number);
          const leaving = [...this.#leaving.keys()].filter((pod) => pod.revision === number);
          return {
            revision: number,
            failure: revision?.failure ?? null,
            pods: [...(revision?.pods ?? []), ...leaving].map((pod) => pod.observe()),
          };
        }),
    };
  }

  get #serving(): Revision | undefined {
    return this.#desired.serving === null ? undefined : this.#revisions.get(this.#desired.serving);
  }

  get #newest(): Revision | undefined {
    return [...this.#revisions.values()].reduce<Revision | undefined>((a, b) => (a && a.number > b.number ? a : b), undefined);
  }

  get #workerToAsk(): Worker | undefined {
    if (this.#desired.stopped) return undefined;
    const worker = (this.#serving ?? this.#newest)?.podToAsk?.workerToAsk;
    return worker?.predictor?.health ? worker : undefined;
  }

  /** Whether waiting may help: pods are on their way. */
  get #mayGetReady(): boolean {
    const revision = this.#serving ?? this.#newest;
    return revision !== undefined && revision.pods.length > 0 && revision.failure?.final !== true && !revision.unhealthy;
  }

  #notReady(): Refusal {
    const revision = this.#serving ?? this.#newest;
    if (revision?.unhealthy) {
      return { code: 'unhealthy', message: `no pod of ${this.owner}/${this.name} is healthy`, retryAfter: 5 };
    }
    const why = revision?.failure ? `: ${revision.failure.message}` : '';
    return { code: 'not-ready', message: `no pod of ${this.owner}/${this.name} is ready${why}`, retryAfter: 1 };
  }

  /** Whole seconds until the queue is likely to have room, from the measured time a request takes. */
  #retryAfter(): number {
    const serviceMs = this.#workers.reduce((sum, worker) => sum + worker.window.serviceMs, 0) / Math.max(this.#workers.length, 1);
    const waitMs = (this.queue.length * serviceMs) / Math.max(this.#workers.length, 1);
    return Math.max(1, Math.ceil(waitMs / 1000));
  }

  #addRevision(desired: GatewayRevision): Revision {
    const revision = new Revision(desired, this.#around, {
      changed: () => this.#reroute(),
      freed: () => this.#pump(),
      returned: (slots) => this.#takeBack(slots),
      place: (each) => this.#podPlace(each),
      leaving: (pod) => this.#drain(pod, revision.settings),
    });
    this.#revisions.set(desired.revision, revision);
    return revision;
  }

  #podPlace(revision: GatewayRevision): PodPlace {
    const id = `${this.name}-${revision.revision}-${this.#around.podSuffix()}`;
    return {
      id,
      owner: this.owner,
      server: this.name,
      revision,
      log: this.#around.logs.openPod(id),
      counter: this.metrics.addPod(id),
      healthPath: `/${this.owner}/${this.name}/health`,
    };
  }

  #drain(pod: Pod, settings: EffectiveSettings): void {
    const gone = pod.drain(settings['drain-timeout'] * 1000).then(() => {
      this.#leaving.delete(pod);
      this.metrics.forget(pod.place.counter);
      this.#around.logs.closePod(pod.id);
      this.#around.changed();
    });
    this.#leaving.set(pod, gone);
  }

  /** Looks anew who may get requests, and gives them what waits. */
  #reroute(): void {
    this.settings = (this.#serving ?? this.#newest)?.settings;
    const before = this.#workers.length;
    this.#workers = this.#desired.stopped ? [] : (this.#serving?.workers ?? []);
    if (this.#workers.length > 0) {
      if (before === 0) for (let slot = this.queue.first; slot; slot = slot.next) slot.startDeadline = Number.POSITIVE_INFINITY;
      this.#pump();
    } else if (this.queue.length > 0) this.#withoutWorkers();
    this.#around.changed();
  }

  /** Nobody can take what waits: it is refused, or from now on waits for `start-wait` only. */
  #withoutWorkers(): void {
    const refusal = this.#removed || this.#desired.stopped || !this.#mayGetReady ? (this.refusal() ?? this.#notReady()) : undefined;
    for (const slot of this.queue.toArray()) {
      if (refusal) {
        this.queue.remove(slot);
        this.#around.inFlight.refuse(slot, refusal, null);
      } else if (slot.startDeadline === Number.POSITIVE_INFINITY) this.#limitStart(slot);
    }
  }

  #limitStart(slot: Slot): void {
    slot.startDeadline = this.#around.clock.now() + (this.settings?.['start-wait'] ?? 0) * 1000;
    this.#rearm(slot, Math.min(slot.deadline, slot.startDeadline));
  }

  #rearm(slot: Slot, at: number): void {
    this.#around.inFlight.wheel.disarm(slot);
    this.#around.inFlight.wheel.arm(slot, at);
  }

  #pump(): void {
    while (this.queue.first) {
      const worker = leastLoaded(this.#workers);
      if (!worker) return;
      const slot = this.queue.first;
      this.queue.remove(slot);
      worker.send(slot);
    }
  }

  /** Requests that a worker had and did not begin: they were here before all that wait. */
  #takeBack(slots: Slot[]): void {
    for (const slot of slots.reverse()) {
      slot.state = slotState.queued;
      slot.startDeadline = Number.POSITIVE_INFINITY;
      this.queue.unshift(slot);
      if (this.#workers.length === 0) this.#limitStart(slot);
    }
    this.#reroute();
  }
}

const healthTookTooLong: Refusal = { code: 'unhealthy', message: 'the predictor did not answer for its health in time', retryAfter: 5 };

function deadlinePassed(slot: Slot): Refusal {
  const where = slot.state === slotState.queued ? 'while it waited; it was not run' : 'while it ran';
  return { code: 'deadline', message: `the request's time was over ${where}` };
}
