import type { PodState } from '../../api/objects.ts';
import type { GatewayRevision, GatewayServerObserved } from '../admin.ts';
import type { PodLog } from '../logs/pod-log.ts';
import type { PodCounter } from '../metrics/server-traffic.ts';
import { mergeReports } from '../metrics/user-metrics.ts';
import type { Slot } from '../requests/slot.ts';
import type { MetricsReport } from '../wire/frames.ts';
import { ConfinementError, type Enclosure } from './confinement.ts';
import { HealthWatch } from './health-watch.ts';
import { probeHealth } from './probe-caller.ts';
import { Seat, type SeatFailure, type SeatSurroundings } from './seat.ts';
import type { Worker } from './worker.ts';

export type ObservedPod = GatewayServerObserved['revisions'][number]['pods'][number];

/** What a {@link Pod} tells its revision. */
export interface PodListener {
  /** Something about it changed: who may get requests, or what others see. */
  changed(): void;
  /** All its workers are ready, and it is well. Called each time that becomes true. */
  ready(pod: Pod): void;
  /** A worker ended before it was ready. Returns whether another one shall be tried. */
  startFailed(pod: Pod, failure: SeatFailure, deaths: number): boolean;
  /** A worker that had been ready ended. */
  died(pod: Pod, reason: string, deaths: number): void;
  freed(worker: Worker): void;
  returned(slots: Slot[]): void;
}

/** Which pod. `healthPath` is how a client would ask for its health. */
export interface PodPlace {
  id: string;
  owner: string;
  server: string;
  revision: GatewayRevision;
  log: PodLog;
  counter: PodCounter;
  healthPath: string;
}

/** One running copy of a revision: as many workers as `num-processes` says, ready when all of them are. */
export class Pod {
  readonly id: string;
  readonly revision: number;
  readonly createdAt: string;
  readonly place: PodPlace;
  readyAt: string | null = null;
  draining = false;

  readonly #around: SeatSurroundings;
  readonly #listener: PodListener;
  readonly #seats: Seat[];
  readonly #health: HealthWatch;
  /** Whether it was ready once. From then on each of its ready workers gets requests, also while another is replaced. */
  #admitted = false;
  #failure: string | null = null;
  #wasReady = false;
  #probed = 0;
  #cancelHealthTimer: () => void = () => {};
  /** What holds it within its limits; null where nothing has to. */
  #enclosure: Promise<Enclosure> | null = null;
  #gpus: readonly number[] = [];
  readonly #unwanted = new AbortController();

  constructor(place: PodPlace, around: SeatSurroundings, listener: PodListener) {
    this.id = place.id;
    this.revision = place.revision.revision;
    this.place = place;
    this.#around = around;
    this.#listener = listener;
    this.createdAt = around.clock.date().toISOString();
    this.#health = new HealthWatch(
      around.clock,
      () => this.#askHealth(),
      () => this.#update(),
    );
    this.#seats = Array.from(
      { length: place.revision.settings['num-processes'] },
      (_, index) =>
        new Seat({ ...place, pod: place.id, index }, around, {
          changed: () => this.#update(),
          ready: () => this.#onSeatReady(),
          startFailed: (seat, failure) => this.#listener.startFailed(this, failure, seat.backOff.deaths),
          died: (seat, reason) => this.#listener.died(this, reason, seat.backOff.deaths),
          freed: (worker) => this.#listener.freed(worker),
          returned: (slots) => this.#listener.returned(slots),
        }),
    );
    place.log.lifecycle('created');
  }

  start(): void {
    const { id, place } = this;
    this.#enclosure = this.#around.confinement.enclose({ id, settings: place.revision.settings, unwanted: this.#unwanted.signal });
    if (this.#enclosure === null) this.#open(null);
    else
      this.#enclosure.then(
        (enclosure) => this.#unwanted.signal.aborted || this.#open(enclosure),
        (error: unknown) => this.#notEnclosed(error),
      );
  }

  #open(enclosure: Enclosure | null): void {
    this.#gpus = enclosure?.gpus ?? [];
    this.place.log.lifecycle('starting');
    for (const seat of this.#seats) seat.open(enclosure);
  }

  /** Without its limits it must not run. */
  #notEnclosed(error: unknown): void {
    if (this.#unwanted.signal.aborted) return;
    const message = `the limits of the pod cannot be kept: ${error instanceof Error ? error.message : String(error)}`;
    const hint = error instanceof ConfinementError ? error.hint : null;
    const nowhere = { file: null, line: null, class: null };
    this.#listener.startFailed(this, { code: 'cannot-limit', message, hint, ...nowhere, certain: true }, 0);
  }

  /** The workers that may get requests now. */
  get workers(): Worker[] {
    if (!this.#admitted || this.draining || (this.#hasHealth && !this.#health.record.healthy)) return [];
    return this.#readyWorkers;
  }

  /** Out of routing because its own `health` says so. */
  get unhealthy(): boolean {
    return this.#admitted && !this.draining && this.#hasHealth && !this.#health.record.healthy;
  }

  /** A worker to ask for `health`, each time another one; also of a pod that is out of routing. */
  get workerToAsk(): Worker | undefined {
    const workers = this.#readyWorkers;
    return workers[this.#probed++ % Math.max(workers.length, 1)];
  }

  /** It was given up: no worker of it is started any more. */
  get failed(): boolean {
    return this.#failure !== null;
  }

  get ready(): boolean {
    return this.state === 'ready';
  }

  get state(): PodState {
    if (this.failed) return 'failed';
    if (this.draining) return 'draining';
    if (this.unhealthy) return 'unhealthy';
    if (this.#admitted && this.#seats.every((seat) => seat.ready)) return 'ready';
    return this.#seats.some((seat) => seat.backingOff) ? 'backing-off' : 'starting';
  }

  observe(): ObservedPod {
    const { state } = this;
    return {
      id: this.id,
      state,
      reason: this.#reason(state),
      createdAt: this.createdAt,
      readyAt: this.readyAt,
      restarts: this.#seats.reduce((sum, seat) => sum + seat.restarts, 0),
      workers: this.#seats.flatMap(({ pid }) => (pid === undefined ? [] : [{ pid }])),
      ...(this.#gpus.length > 0 && { gpus: [...this.#gpus] }),
    };
  }

  /** Whether its predictor has metrics of its own. */
  get hasUserMetrics(): boolean {
    return this.#seats.some(({ worker, endedCounts }) => worker?.metrics.exist || endedCounts.length > 0);
  }

  /** The predictor's own metrics, asked for anew. */
  async userMetrics(): Promise<MetricsReport> {
    const asked = this.#seats.flatMap(({ worker, ready, index }) => (worker && ready ? [{ worker, index }] : []));
    await Promise.all(asked.map(({ worker }) => worker.metrics.renew()));
    return mergeReports(
      asked.map(({ worker, index }) => ({ worker: index, report: worker.metrics.report })),
      this.#seats.flatMap(({ endedCounts }) => endedCounts),
    );
  }

  supervise(): void {
    for (const seat of this.#seats) seat.supervise();
  }

  /** Gives it up, for a reason in words: ends its workers, and starts none. What failed stays to be seen. */
  async fail(reason: string): Promise<void> {
    this.#failure = reason;
    await this.#close(0);
  }

  /** Takes it out of routing, lets it finish what it runs, and ends it. Resolves when nothing of it is left. */
  async drain(timeoutMs: number): Promise<void> {
    this.draining = true;
    if (!this.failed) this.place.log.lifecycle('draining');
    this.#listener.changed();
    await this.#close(timeoutMs);
    this.place.log.lifecycle('gone');
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#health.stop();
    this.#cancelHealthTimer();
    this.#unwanted.abort();
    await Promise.all(this.#seats.map((seat) => seat.close(timeoutMs)));
    const enclosure = await this.#enclosure?.catch(() => null);
    await enclosure?.leave();
    this.#gpus = [];
  }

  get #readyWorkers(): Worker[] {
    return this.#seats.flatMap((seat) => (seat.ready && seat.worker ? [seat.worker] : []));
  }

  get #hasHealth(): boolean {
    return this.#seats.some((seat) => seat.worker?.predictor?.health != null);
  }

  #onSeatReady(): void {
    if (this.#hasHealth) this.#health.start();
    if (this.#hasHealth && !this.#health.record.everHealthy) {
      const limit = this.place.revision.settings['startup-timeout'];
      this.#cancelHealthTimer();
      this.#cancelHealthTimer = this.#around.clock.after(limit * 1000, () => this.#neverHealthy(limit));
    }
    this.#update();
  }

  #neverHealthy(limit: number): void {
    if (this.#health.record.everHealthy || this.draining) return;
    this.#listener.startFailed(
      this,
      {
        code: 'unhealthy',
        message: `its health was not good once within ${limit} s: ${this.#health.record.reason ?? 'it gave no answer'}`,
        hint: 'see what `health` needs in order to answer well, or give it more time with --startup-timeout',
        file: null,
        line: null,
        class: null,
        certain: true,
      },
      0,
    );
  }

  #update(): void {
    const allReady = this.#seats.every((seat) => seat.ready);
    if (allReady && (!this.#hasHealth || this.#health.record.everHealthy)) this.#admitted = true;
    const { ready } = this;
    if (ready && !this.#wasReady) {
      this.readyAt = this.#around.clock.date().toISOString();
      this.#cancelHealthTimer();
      this.place.log.lifecycle('ready');
    }
    const became = ready && !this.#wasReady;
    this.#wasReady = ready;
    this.#listener.changed();
    if (became) this.#listener.ready(this);
  }

  #reason(state: PodState): string | null {
    if (state === 'ready' || state === 'draining') return null;
    if (this.#failure !== null) return this.#failure;
    const seat = this.#seats.find(({ reason }) => reason !== null)?.reason;
    if (seat !== undefined && seat !== null) return seat;
    const health = this.#health.record.reason;
    return health ?? (this.#hasHealth ? 'waiting for its first good health' : null);
  }

  async #askHealth(): Promise<string | null> {
    const worker = this.workerToAsk;
    // Its workers are being replaced: that is not for `health` to judge.
    if (!worker) return this.#health.record.healthy ? null : 'no worker is there to ask';
    // One question at a time: each may hold a thread of the worker.
    if (worker.owesHealth) return 'health still has not answered an earlier question';
    return probeHealth(this.#around.inFlight, worker, this.place.healthPath);
  }
}
