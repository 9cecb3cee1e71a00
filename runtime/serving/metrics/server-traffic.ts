import type { Cause } from '../../api/causes.ts';
import type { BatchRecord, ObservedTraffic, PodTraffic, RequestRecord, StageName } from '../../api/traffic.ts';
import type { Clock } from '../clock.ts';
import { BatchRing, type MemberEnd } from '../records/batch-ring.ts';
import type { Incidents } from '../records/incidents.ts';
import { type RequestPlace, RequestRing } from '../records/request-ring.ts';
import type { Slot } from '../requests/slot.ts';
import { Stages } from '../requests/stages.ts';
import { BatchMetrics } from './batch-metrics.ts';
import { Histogram } from './histogram.ts';

/** How many of the last requests and batches of a model server are kept. */
export const keptRequests = 512;
export const keptBatches = 256;

/** How many of those are kept besides that were refused before they waited: a flood of them shall not wash away the others. */
export const keptRefusals = 128;

const nowhere: RequestPlace = { pod: null, worker: -1, batch: null, ahead: 0 };
const neverBegun: Stages = new Stages();

/** What one pod answered. */
export class PodCounter {
  readonly pod: string;
  readonly revision: number;
  /** Those of its whole model server. */
  readonly traffic: ServerTraffic;
  readonly byStatus: Map<number, Map<Cause, number>> = new Map();
  readonly stages: Record<StageName, Histogram> = {
    total: new Histogram(),
    queue: new Histogram(),
    prepare: new Histogram(),
    predict: new Histogram(),
    reply: new Histogram(),
  };

  constructor(pod: string, revision: number, traffic: ServerTraffic) {
    this.pod = pod;
    this.revision = revision;
    this.traffic = traffic;
  }

  count(status: number, cause: Cause, times = 1): void {
    let causes = this.byStatus.get(status);
    if (!causes) {
      causes = new Map();
      this.byStatus.set(status, causes);
    }
    causes.set(cause, (causes.get(cause) ?? 0) + times);
  }

  record({ totalMs, queueMs, prepareMs, predictMs, replyMs, isQueueKnown }: Stages): void {
    const { stages } = this;
    stages.total.record(totalMs);
    if (isQueueKnown) stages.queue.record(queueMs);
    if (prepareMs > 0) stages.prepare.record(prepareMs);
    if (predictMs > 0) stages.predict.record(predictMs);
    if (replyMs >= 0) stages.reply.record(replyMs);
  }

  /** Counts what another pod answered. */
  add(other: PodCounter): void {
    for (const [status, causes] of other.byStatus) for (const [cause, times] of causes) this.count(status, cause, times);
    for (const [name, histogram] of Object.entries(this.stages)) histogram.add(other.stages[name as StageName]);
  }

  data(pod: string | null): PodTraffic {
    const { total, queue, prepare, predict, reply } = this.stages;
    return {
      pod,
      answers: [...this.byStatus].flatMap(([status, causes]) => [...causes].map(([cause, count]) => ({ status, cause, count }))),
      stages: { total: total.data(), queue: queue.data(), prepare: prepare.data(), predict: predict.data(), reply: reply.data() },
    };
  }
}

/** What became of one model server's predictions: counts, histograms, and the last ones. Recording allocates nothing once a status and a cause have been seen. */
export class ServerTraffic {
  readonly incidents: Incidents;
  readonly batches: BatchMetrics = new BatchMetrics();
  readonly lastBatches: BatchRing = new BatchRing(keptBatches);
  /** Requests that no pod took: refused, expired or left while they waited. */
  readonly unrouted: PodCounter = new PodCounter('', 0, this);
  readonly pods: Set<PodCounter> = new Set([this.unrouted]);
  /** Requests that have come and are not over. */
  inFlight = 0;
  /** What pods answered that are gone. */
  readonly #gone: PodCounter = new PodCounter('', 0, this);
  readonly #requests: RequestRing = new RequestRing(keptRequests);
  readonly #refusals: RequestRing = new RequestRing(keptRefusals);
  readonly #stages: Stages = new Stages();
  readonly #place: RequestPlace = { ...nowhere };

  constructor(incidents: Incidents) {
    this.incidents = incidents;
  }

  /** A counter of a pod's own; {@link forget} it when the pod is gone. */
  addPod(pod: string, revision: number): PodCounter {
    const counter = new PodCounter(pod, revision, this);
    this.pods.add(counter);
    return counter;
  }

  /** The pod is gone; what it answered stays counted. */
  forget(counter: PodCounter): void {
    if (this.pods.delete(counter)) this.#gone.add(counter);
  }

  /** A prediction that was in flight is over. `counter` is that of the pod that had it last; null: none had. */
  record(slot: Slot, status: number, cause: Cause, counter: PodCounter | null, now: number): void {
    this.inFlight--;
    const stages = this.#stages.read(slot, now);
    const place = counter ?? this.unrouted;
    place.count(status, cause);
    place.record(stages);
    if (slot.batch !== 0) this.lastBatches.ended(slot.batch, memberEnd(cause), stages.queueMs, stages.predictMs, now);
    const ring = slot.takenAt >= 0 ? this.#requests : this.#refusals;
    ring.add(slot.requestId, status, cause, stages, this.#placeOf(slot, counter), now);
    if (cause === 'queue-full') this.incidents.queueFull(now);
    else if (cause === 'poison') this.incidents.poison(slot.requestId);
  }

  /** A prediction was refused by its headers alone, and never was in flight. */
  refused(requestId: string, status: number, cause: Cause, now: number): void {
    this.unrouted.count(status, cause);
    this.#refusals.add(requestId, status, cause, neverBegun, nowhere, now);
    if (cause === 'queue-full') this.incidents.queueFull(now);
  }

  /** In the one object that all requests use in turn. */
  #placeOf(slot: Slot, counter: PodCounter | null): RequestPlace {
    const place = this.#place;
    place.pod = counter?.pod ?? null;
    place.worker = slot.worker?.index ?? -1;
    place.batch = this.lastBatches.idOf(slot.batch);
    place.ahead = slot.ahead;
    return place;
  }

  /** All that was counted since the model server is there. */
  data(queueDepth: number): ObservedTraffic {
    const pods = [...this.pods].filter((counter) => counter !== this.unrouted).map((counter) => counter.data(counter.pod));
    const elsewhere = new PodCounter('', 0, this);
    elsewhere.add(this.unrouted);
    elsewhere.add(this.#gone);
    return { queueDepth, inFlight: this.inFlight, pods: [elsewhere.data(null), ...pods], batches: this.batches.data() };
  }

  /** A histogram of one stage over all pods, those that are gone included. */
  stage(name: StageName): Histogram {
    const all = new Histogram();
    for (const counter of [this.#gone, ...this.pods]) all.add(counter.stages[name]);
    return all;
  }

  /** How many predictions ended, by cause, over all pods. */
  byCause(): Map<Cause, number> {
    const sums = new Map<Cause, number>();
    for (const { byStatus } of [this.#gone, ...this.pods])
      for (const causes of byStatus.values()) for (const [cause, count] of causes) sums.set(cause, (sums.get(cause) ?? 0) + count);
    return sums;
  }

  /** The last requests, newest first. */
  requests(clock: Clock): RequestRecord[] {
    const records = [...this.#requests.records(clock), ...this.#refusals.records(clock)];
    return records.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  }

  /** The last batches, newest first. */
  batchRecords(clock: Clock): BatchRecord[] {
    return this.lastBatches.records(clock);
  }
}

function memberEnd(cause: Cause): MemberEnd {
  if (cause === 'answered') return 'answered';
  return cause.startsWith('gone-') || cause.startsWith('deadline-') ? 'gone' : 'failed';
}
