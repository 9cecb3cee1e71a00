import type { Cause } from '../../api/causes.ts';
import type { EffectiveSettings } from '../../api/settings.ts';
import { healthTimeoutMs } from '../pool/health-record.ts';
import type { Worker } from '../pool/worker.ts';
import type { Refusal } from './caller.ts';
import { Company } from './company.ts';
import { tickMs } from './deadline-wheel.ts';
import { clientGoneStatus, goneWhile, type InFlight } from './in-flight.ts';
import { queueRetryAfter, unavailableRetryAfter } from './retry-after.ts';
import { idleWorker, leastTimeMs, recallStuck, workerForUpload } from './routing.ts';
import { type Slot, slotState } from './slot.ts';
import { WaitingRequests } from './waiting-requests.ts';

/** How often it is looked at whether a large body still comes. */
const uploadCheckMs = 1000;

/** What a {@link RequestFlow} asks its model server. */
export interface FlowPolicy {
  /** Of the revision that answers; absent while there is none. */
  readonly settings: EffectiveSettings | undefined;
  /** How many requests may wait (`maxQueueOf`). */
  readonly maxQueue: number;
  /** Why a request cannot be taken, whatever the queue has room for; `undefined`: it can. */
  refusal(): Refusal | undefined;
  /** Why nobody can answer now. */
  notReady(): Refusal;
  /** A worker that can be asked for the predictor's own `health`. */
  readonly workerToAsk: Worker | undefined;
}

/**
 * The way of one model server's requests from a complete body (or the beginning of a large one) to a worker: its one queue, its deadlines, and whichever
 * worker has room first. Requests that a worker gives back stand before all others.
 */
export class RequestFlow {
  /** Requests that wait for a worker. */
  readonly queue: WaitingRequests = new WaitingRequests();
  readonly #policy: FlowPolicy;
  readonly #inFlight: InFlight;
  readonly #company: Company = new Company();
  /** The workers that requests may go to now. */
  #workers: readonly Worker[] = [];

  constructor(policy: FlowPolicy, inFlight: InFlight) {
    this.#policy = policy;
    this.#inFlight = inFlight;
  }

  get workers(): readonly Worker[] {
    return this.#workers;
  }

  /** Says who may get requests from now on; what waits goes to them, or is refused if nobody will ever come. */
  route(workers: readonly Worker[]): void {
    this.#workers = workers;
    if (workers.length > 0) this.pump();
    else if (this.queue.length > 0) this.#withoutWorkers();
  }

  /** Why a request cannot be taken now; `undefined`: it can, though it may have to wait. */
  refusal(): Refusal | undefined {
    return this.#policy.refusal() ?? this.#queueFull();
  }

  /**
   * A request's body is complete, or so large that it is held at its client: sets the deadline that counts from now on,
   * and takes the request.
   */
  take(slot: Slot): void {
    const now = this.#inFlight.clock.now();
    slot.takenAt = now;
    if (slot.kind === 0) {
      slot.deadline = Math.min(slot.deadline, now + (this.#policy.settings?.['predict-timeout'] ?? 0) * 1000);
      // Usually it is armed for an earlier moment already, and `expired` looks again then.
      if (slot.deadline < slot.wheelTick * tickMs) this.#arm(slot, slot.deadline);
      this.#submit(slot);
      return;
    }
    slot.deadline = Math.min(slot.deadline, now + healthTimeoutMs);
    this.#arm(slot, slot.deadline);
    const worker = this.#policy.workerToAsk;
    if (worker) worker.probe(slot);
    else this.#inFlight.refuse(slot, this.#policy.refusal() ?? this.#policy.notReady(), null);
  }

  /** The last byte of a large body is with its worker: from now on the time counts that the predictor may take. */
  uploaded(slot: Slot): void {
    slot.deadline = Math.min(slot.deadline, this.#inFlight.clock.now() + (slot.upload?.timeoutMs ?? 0));
    this.#arm(slot, slot.deadline);
  }

  /** A slot's time came on the wheel: its deadline passed, or it was armed too early and is armed again. */
  expired(slot: Slot): void {
    const inFlight = this.#inFlight;
    const due = Math.min(slot.deadline, slot.state === slotState.queued ? slot.startDeadline : Number.POSITIVE_INFINITY);
    if (inFlight.clock.now() < due) {
      inFlight.wheel.arm(slot, due);
    } else if (slot.state === slotState.queued) {
      this.queue.remove(slot);
      inFlight.refuse(slot, slot.startDeadline < slot.deadline ? this.#policy.notReady() : deadlinePassed(slot), null);
    } else if (slot.state === slotState.sent && slot.worker) {
      const { worker } = slot;
      slot.answeredAt = inFlight.clock.now();
      slot.caller?.refuse(slot, slot.kind === 1 ? healthTookTooLong : deadlinePassed(slot));
      inFlight.abandon(slot, 504, 'deadline-running', worker.counter);
      worker.cancel(slot);
    }
  }

  /** The client is gone: what waits is dropped and never run, what a worker has is cancelled. */
  clientGone(slot: Slot): void {
    this.abandon(slot, clientGoneStatus, goneWhile(slot));
  }

  /** Nobody waits for an answer any more, because the client is gone or got this status: as {@link clientGone}. */
  abandon(slot: Slot, status: number, cause: Cause): void {
    const inFlight = this.#inFlight;
    if (slot.state === slotState.queued) this.queue.remove(slot);
    if (slot.state === slotState.queued || slot.state === slotState.receiving) {
      inFlight.finish(slot, status, cause, null);
    } else if (slot.worker && slot.state !== slotState.abandoned) {
      const { worker } = slot;
      // First, so that who reads the body as it comes is cancelled rather than told that the rest is missing.
      worker.cancel(slot);
      inFlight.abandon(slot, status, cause, worker.counter);
    }
  }

  /** Requests that a worker had and did not begin, oldest first: they were here before all that wait. */
  takeBack(slots: readonly Slot[]): void {
    for (const slot of slots.toReversed()) {
      // A worker must never see an id again that it has done with.
      this.#inFlight.slots.renew(slot);
      slot.state = slotState.queued;
      slot.startDeadline = Number.POSITIVE_INFINITY;
      slot.sentAt = -1;
      this.queue.whole.unshift(slot);
    }
    this.route(this.#workers);
  }

  /**
   * Gives workers that have room what waits. What cannot be answered in the time that it has left is refused instead, so
   * that those behind it need not be late, too. (What never had to wait is run in any case: that is how one learns.)
   */
  pump(): void {
    if (this.queue.length === 0) return;
    const now = this.#inFlight.clock.now();
    const leastMs = leastTimeMs(this.#workers);
    for (;;) {
      if (this.queue.largeIsNext && this.#upload()) continue;
      const slot = this.queue.whole.first;
      if (slot === null) return;
      if (slot.deadline - now < leastMs) {
        this.queue.remove(slot);
        this.#inFlight.refuse(slot, tooLateToRun(leastMs), null);
        continue;
      }
      const worker = slot.alone ? idleWorker(this.#workers) : this.#choose();
      if (!worker) return;
      this.queue.remove(slot);
      slot.startDeadline = Number.POSITIVE_INFINITY;
      worker.send(slot);
    }
  }

  /** Called with each tick of the wheel: nothing shall wait behind a long request while a worker is idle. */
  rebalance(now: number): void {
    if (this.#workers.length > 1) recallStuck(this.#workers, now);
  }

  #submit(slot: Slot): void {
    if (slot.upload) {
      this.#submitUpload(slot);
      return;
    }
    const worker = this.queue.whole.first === null ? this.#choose() : undefined;
    if (worker) {
      slot.ahead = worker.outstanding.length;
      worker.send(slot);
      return;
    }
    const refusal = this.refusal();
    if (refusal) {
      this.#inFlight.refuse(slot, refusal, null);
      return;
    }
    this.#enqueue(slot);
  }

  #submitUpload(slot: Slot): void {
    const refusal = this.refusal();
    // It stands in the queue first, so that one rule serves both lines.
    this.#enqueue(slot);
    this.pump();
    if (refusal && slot.state === slotState.queued) {
      this.queue.remove(slot);
      this.#inFlight.refuse(slot, refusal, null);
    }
  }

  /** Gives the large request that has waited longest to a worker, if one has a place for its body. */
  #upload(): boolean {
    const slot = this.queue.large.first;
    const worker = slot ? workerForUpload(this.#workers, slot.declaredSize) : undefined;
    if (!slot?.upload || !worker) return false;
    this.queue.remove(slot);
    slot.startDeadline = Number.POSITIVE_INFINITY;
    slot.deadline = slot.upload.clientDeadline;
    // How long its body may take is looked at when the wheel comes to it (`Endpoint.expiredWhileReceiving`).
    this.#arm(slot, Math.min(slot.deadline, this.#inFlight.clock.now() + uploadCheckMs));
    worker.upload(slot);
    return true;
  }

  #enqueue(slot: Slot): void {
    slot.state = slotState.queued;
    slot.ahead = this.queue.length;
    this.queue.push(slot);
    if (this.#workers.length === 0) this.#limitStart(slot);
  }

  #choose(): Worker | undefined {
    return this.#company.worker(this.#workers, this.#inFlight.clock);
  }

  #queueFull(): Refusal | undefined {
    const { maxQueue } = this.#policy;
    if (this.queue.length < maxQueue) return undefined;
    const now = this.#inFlight.clock.now();
    const perSecond = this.#workers.reduce((sum, worker) => sum + worker.answersPerSecond(now), 0);
    return {
      code: 'queue-full',
      message: `${maxQueue} requests wait already (max-queue)`,
      retryAfter: queueRetryAfter(this.queue.length, perSecond),
    };
  }

  /** Nobody can take what waits: it is refused, or from now on waits for `start-wait` only. */
  #withoutWorkers(): void {
    const refusal = this.#policy.refusal();
    for (const slot of this.queue.toArray()) {
      if (refusal) {
        this.queue.remove(slot);
        this.#inFlight.refuse(slot, refusal, null);
      } else if (slot.startDeadline === Number.POSITIVE_INFINITY) this.#limitStart(slot);
    }
  }

  #limitStart(slot: Slot): void {
    slot.startDeadline = this.#inFlight.clock.now() + (this.#policy.settings?.['start-wait'] ?? 0) * 1000;
    this.#arm(slot, Math.min(slot.deadline, slot.startDeadline));
  }

  #arm(slot: Slot, at: number): void {
    this.#inFlight.wheel.disarm(slot);
    this.#inFlight.wheel.arm(slot, at);
  }
}

const healthTookTooLong: Refusal = {
  code: 'unhealthy',
  message: 'the predictor did not answer for its health in time',
  retryAfter: unavailableRetryAfter.unhealthy,
};

function deadlinePassed(slot: Slot): Refusal {
  const where =
    slot.state === slotState.queued
      ? 'while it waited; it was not run'
      : slot.worker?.isBegun(slot)
        ? 'while it ran'
        : 'while it waited in a worker';
  return { code: 'deadline', message: `the request's time was over ${where}` };
}

function tooLateToRun(quickestMs: number): Refusal {
  const took = `the last answers took ${Number(quickestMs.toPrecision(3))} ms and more`;
  return { code: 'deadline', message: `while it waited, too little of the request's time was left to run it (${took})` };
}
