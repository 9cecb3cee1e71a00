import { secretMask } from '../../api/secret-mask.ts';
import type { GatewayRevision, GatewayServerObserved } from '../admin.ts';
import type { Slot } from '../requests/slot.ts';
import { startRetries } from './back-off.ts';
import { Pod, type PodPlace } from './pod.ts';
import type { SeatFailure, SeatSurroundings } from './seat.ts';
import type { Worker } from './worker.ts';

export type ObservedRevisionFailure = NonNullable<GatewayServerObserved['revisions'][number]['failure']>;

/** So many deaths of a worker without a healthy while between them are a crash loop. */
export const crashLoopDeaths = 3;

/**
 * A revision that failed for good is tried anew after so long, as long as it is desired: a rollout has returned to the
 * old one by then, but after a restart of the gateway it may be the one that answered, and what it missed may be back.
 */
export const retryFailedMs = 30_000;

/** What a {@link Revision} tells its model server, and asks of it. */
export interface RevisionListener {
  changed(): void;
  freed(worker: Worker): void;
  returned(slots: Slot[]): void;
  /** What a new pod of this revision is made of; its id is fresh. */
  place(revision: GatewayRevision): PodPlace;
  /** A pod is to end: it is the model server's from here on. */
  leaving(pod: Pod): void;
}

/** All pods of one revision, and why they fail if they do. */
export class Revision {
  readonly number: number;
  readonly pods: Pod[] = [];
  failure: ObservedRevisionFailure | null = null;
  #desired: GatewayRevision;
  /** Whether a pod was ready once: then its code can work, and is tried for ever. */
  #everReady = false;
  #cancelRetry: () => void = () => {};
  readonly #around: SeatSurroundings;
  readonly #listener: RevisionListener;

  constructor(desired: GatewayRevision, around: SeatSurroundings, listener: RevisionListener) {
    this.number = desired.revision;
    this.#desired = desired;
    this.#around = around;
    this.#listener = listener;
  }

  get settings(): GatewayRevision['settings'] {
    return this.#desired.settings;
  }

  get desiredPods(): number {
    return this.#desired.pods;
  }

  /** The workers of all its pods that may get requests. */
  get workers(): Worker[] {
    return this.pods.flatMap((pod) => pod.workers);
  }

  /** Nothing can answer, and the only reason is the predictor's own `health`. */
  get unhealthy(): boolean {
    return this.pods.some((pod) => pod.unhealthy) && this.workers.length === 0;
  }

  /** A pod to ask for its health: one that is in routing, else any that has a worker. */
  get podToAsk(): Pod | undefined {
    return this.pods.find((pod) => pod.workers.length > 0) ?? this.pods.find((pod) => pod.unhealthy);
  }

  /** Starts or drains pods until there are as many as desired. Of a revision only that number ever changes. */
  scale(desired: GatewayRevision): void {
    this.#desired = desired;
    while (this.pods.length > desired.pods) this.#drop();
    if (this.failure?.final) return;
    while (this.pods.length < desired.pods) this.#add();
  }

  /** Hands all its pods over to be drained. */
  close(): void {
    this.#cancelRetry();
    while (this.pods.length > 0) this.#drop();
  }

  supervise(): void {
    for (const pod of this.pods) pod.supervise();
  }

  #startAnew(): void {
    while (this.pods.length > 0) this.#drop();
    while (this.pods.length < this.#desired.pods) this.#add();
  }

  #add(): void {
    const pod = new Pod(this.#listener.place(this.#desired), this.#around, {
      changed: () => this.#listener.changed(),
      ready: () => {
        this.#everReady = true;
        this.failure = null;
        this.#listener.changed();
      },
      startFailed: (failed, failure, deaths) => this.#onStartFailed(failed, failure, deaths),
      died: (failed, reason, deaths) => this.#onDied(failed, reason, deaths),
      freed: (worker) => this.#listener.freed(worker),
      returned: (slots) => this.#listener.returned(slots),
    });
    this.pods.push(pod);
    pod.start();
  }

  /** The pod that is missed least: one that is not ready, else the newest. */
  #drop(): void {
    const pod = this.pods.findLast((each) => !each.ready) ?? this.pods.at(-1);
    if (!pod) return;
    this.pods.splice(this.pods.indexOf(pod), 1);
    this.#listener.leaving(pod);
  }

  #onStartFailed(pod: Pod, failure: SeatFailure, deaths: number): boolean {
    const { certain, ...told } = failure;
    const final = !this.#everReady && (certain || deaths >= startRetries);
    const message = this.#hideSecrets(told.message);
    this.failure = { ...told, message, log: this.#lastLines(pod), final };
    if (final) {
      pod.place.log.lifecycle(`failed: ${message}`);
      for (const each of this.pods) void each.fail(message);
      this.#cancelRetry();
      this.#cancelRetry = this.#around.clock.after(retryFailedMs, () => this.#startAnew());
    }
    this.#listener.changed();
    return !final;
  }

  /** What a predictor raises and prints may quote its variables; the failure is told to everybody who asks the endpoint. */
  get #hideSecrets(): (text: string) => string {
    return secretMask(this.settings.env);
  }

  #lastLines(pod: Pod): string[] {
    return pod.place.log.lastLines.map(this.#hideSecrets);
  }

  #onDied(pod: Pod, reason: string, deaths: number): void {
    if (deaths + 1 < crashLoopDeaths) return;
    this.failure = {
      code: 'crash-loop',
      message: `the workers of pod ${pod.id} keep dying (${deaths + 1} times lately); the last one ${reason}`,
      hint: 'its last lines are in the log; requests that make it die are answered `worker-died`',
      file: null,
      line: null,
      class: null,
      log: this.#lastLines(pod),
      final: false,
    };
    this.#listener.changed();
  }
}
