import type { StartFailure } from '../../api/objects.ts';
import type { GatewayRevision } from '../admin.ts';
import type { Clock } from '../clock.ts';
import type { PodLog } from '../logs/pod-log.ts';
import type { PodCounter } from '../metrics/server-traffic.ts';
import { countsOf, mergeReports } from '../metrics/user-metrics.ts';
import type { WorkerEnd } from '../records/incidents.ts';
import type { InFlight } from '../requests/in-flight.ts';
import type { Slot } from '../requests/slot.ts';
import type { FailedMessage, MetricsReport, ReadyMessage } from '../wire/frames.ts';
import { BackOff } from './back-off.ts';
import type { Confinement, Enclosure } from './confinement.ts';
import { healthTimeoutMs } from './health-record.ts';
import { nothingLeft } from './left-behind.ts';
import { Worker } from './worker.ts';
import type { SpawnWorker, WorkerExit, WorkerProcess } from './worker-process.ts';

/** A worker that has nothing to do and answers no ping for so long is replaced. */
export const pongTimeoutMs = 10_000;

/** A worker whose socket is closed has so long to end. */
const lingerMs = 2000;

/** Why a worker did not get ready. */
export interface SeatFailure extends StartFailure {
  /** The predictor itself said so, or loading took too long: the same code would do the same again. */
  certain: boolean;
}

/** What a {@link Seat} tells its pod. */
export interface SeatListener {
  /** Something about it changed that others see. */
  changed(): void;
  /** Its worker is loaded. */
  ready(seat: Seat, message: ReadyMessage): void;
  /** Its worker ended before it was ready. Returns whether another one shall be tried. */
  startFailed(seat: Seat, failure: SeatFailure): boolean;
  /** Its worker ended after it had been ready. */
  died(seat: Seat, reason: string): void;
  freed(worker: Worker): void;
  returned(slots: Slot[]): void;
}

/** Everything that a seat needs from the gateway. */
export interface SeatSurroundings {
  home: string;
  clock: Clock;
  inFlight: InFlight;
  spawn: SpawnWorker;
  confinement: Confinement;
}

/** Which seat this is. */
export interface SeatPlace {
  owner: string;
  server: string;
  pod: string;
  index: number;
  revision: GatewayRevision;
  log: PodLog;
  counter: PodCounter;
}

/**
 * One worker's place in a pod: it starts a worker, notices when that ends or must be ended, and starts the next one
 * after a while that grows with each death.
 */
export class Seat {
  /** The worker that sits here; null while there is none. */
  worker: Worker | null = null;
  ready = false;
  restarts = 0;
  /** In words, while no worker is ready here; null when one is. */
  reason: string | null = null;
  /** Waiting for the next try. */
  backingOff = false;
  readonly index: number;
  readonly backOff: BackOff = new BackOff();

  /** What workers that sat here before had counted in the predictor's own metrics. */
  endedCounts: MetricsReport = [];

  readonly #place: SeatPlace;
  readonly #around: SeatSurroundings;
  readonly #listener: SeatListener;
  #process: WorkerProcess | null = null;
  /** What holds its pod within limits; null where nothing has to. */
  #enclosure: Enclosure | null = null;
  #failed: FailedMessage | null = null;
  /** Why the gateway itself ended the worker; null when it did not. */
  #killedFor: string | null = null;
  /** It was ended because it was stuck. */
  #wedged = false;
  #timedOut = false;
  /** What became of the worker before, for people. */
  #lastEnd = '';
  #readyAt = 0;
  #cancelTimer: () => void = () => {};
  #cancelLinger: () => void = () => {};
  #closing = false;
  #closed: () => void = () => {};

  constructor(place: SeatPlace, around: SeatSurroundings, listener: SeatListener) {
    this.#place = place;
    this.#around = around;
    this.#listener = listener;
    this.index = place.index;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts its first worker. */
  open(enclosure: Enclosure | null): void {
    this.#enclosure = enclosure;
    this.#start();
  }

  #start(): void {
    const { owner, server, pod, index, revision, log, counter } = this.#place;
    const { clock, home, inFlight } = this.#around;
    const settings = revision.settings;
    this.backingOff = false;
    this.reason = this.restarts === 0 ? 'loading the predictor' : `${this.#lastEnd}; the predictor is loaded again`;
    this.#failed = null;
    this.#killedFor = null;
    this.#wedged = false;
    this.#timedOut = false;
    const mark = `${pod}/${index}/${this.restarts}`;
    let started: WorkerProcess;
    try {
      started = this.#around.spawn({
        command: this.#enclosure?.enter(revision.launch.command) ?? revision.launch.command,
        env: {
          ...revision.launch.env,
          ...this.#enclosure?.env,
          SPELL_HOME: home,
          SPELL_OWNER: owner,
          SPELL_SERVER: server,
          SPELL_REVISION: String(revision.revision),
          SPELL_POD: pod,
          SPELL_WORKER: mark,
        },
        cwd: revision.launch.cwd,
        home,
        mark,
      });
    } catch (error) {
      this.#ended({ code: null, signal: null, error: error instanceof Error ? error.message : String(error), ...nothingLeft });
      return;
    }
    this.#process = started;
    if (started.pid !== undefined) this.#enclosure?.started(started.pid, () => started.kill());
    const worker = new Worker(started.channel, {
      inFlight,
      counter,
      index,
      listener: {
        ready: (_, message) => this.#onReady(message),
        failed: (_, message) => {
          this.#failed = message;
        },
        freed: (freed) => this.#listener.freed(freed),
        returned: (slots) => this.#listener.returned(slots),
        broken: (_, reason) => this.kill(`was ended: what it sent could not be read: ${reason}`),
      },
    });
    this.worker = worker;
    log.collect(index, started.stdout, 'stdout');
    log.collect(index, started.stderr, 'stderr');
    worker.start({
      ...revision.launch.start,
      pod,
      worker: index,
      batchPrefix: this.restarts === 0 ? `w${index}-` : `w${index}.${this.restarts}-`,
      limits: { hardTimeoutMs: settings['hard-timeout'] * 1000, healthTimeoutMs },
    });
    this.#cancelTimer = clock.after(settings['startup-timeout'] * 1000, () => {
      this.#timedOut = true;
      started.kill();
    });
    started.channel.once('close', () => {
      // It cannot be talked to any more: if it does not end by itself, it is made to.
      if (this.#process === started) this.#cancelLinger = clock.after(lingerMs, () => started.kill());
    });
    void started.exited.then((exit) => this.#ended(exit, started.pid));
    this.#listener.changed();
  }

  /** Ends its worker, which is then replaced. `reason` goes on where `the worker` began a sentence. */
  kill(reason: string): void {
    this.#killedFor ??= reason;
    this.#process?.kill();
  }

  /** Looks whether its worker must be replaced (`Worker.wedged`); to be called every second or so. */
  supervise(): void {
    if (!this.worker || !this.ready) return;
    const reason = this.worker.wedged(this.#place.revision.settings['hard-timeout'] * 1000, pongTimeoutMs);
    if (reason === undefined) return;
    this.#wedged = true;
    this.kill(reason);
  }

  /** Lets its worker finish, up to `timeoutMs`, and stays empty afterwards. Resolves when nothing of it is left. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    this.#cancelTimer();
    this.backingOff = false;
    if (!this.#process) return;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    const started = this.#process;
    if (this.ready && this.worker) {
      this.worker.drain();
      const reason = `was ended: it did not finish within drain-timeout (${timeoutMs / 1000} s)`;
      this.#cancelTimer = this.#around.clock.after(timeoutMs, () => this.kill(reason));
    } else started.kill();
    await closed;
  }

  #onReady(message: ReadyMessage): void {
    if (this.#closing) return;
    this.#cancelTimer();
    this.ready = true;
    this.reason = null;
    this.#readyAt = this.#around.clock.now();
    this.#listener.ready(this, message);
  }

  #ended(exit: WorkerExit, pid?: number): void {
    this.#cancelTimer();
    this.#cancelLinger();
    const { worker, ready } = this;
    this.worker = null;
    this.ready = false;
    this.#process = null;
    // First it gets out of the routing, so that what it gives back does not come here again.
    this.#listener.changed();
    // Asked of each end, so that one is not taken for the reason of the next.
    const limit = pid !== undefined && exit.signal !== null ? (this.#enclosure?.ended(pid) ?? null) : null;
    const how = this.#killedFor ?? limit ?? describeExit(exit);
    const type = this.#wedged ? 'worker.wedged' : how === limit ? 'worker.out-of-memory' : 'worker.died';
    if (worker) this.endedCounts = mergeReports([{ worker: this.index, report: countsOf(worker.metrics.report) }], this.endedCounts);
    const cost = worker?.died(exit, how);
    if (cost && ready && (!this.#closing || cost.failed > 0)) this.#tell(type, how, cost);
    if (this.#closing) {
      this.#closed();
      return;
    }
    const readyForMs = ready ? this.#around.clock.now() - this.#readyAt : 0;
    this.#lastEnd = `worker ${this.index} ${how}`;
    if (ready) {
      this.reason = this.#lastEnd;
      this.#listener.died(this, how);
    } else if (!this.#listener.startFailed(this, this.#startFailure(exit, how, limit !== null))) return;
    const delay = this.backOff.next(readyForMs);
    this.restarts++;
    this.backingOff = delay > 0;
    if (delay > 0) this.reason = `${this.#lastEnd}; the next try is in ${delay / 1000} s`;
    this.#place.log.lifecycle(`${this.#lastEnd}; restarting${delay > 0 ? ` in ${delay / 1000} s` : ''}`);
    this.#cancelTimer = this.#around.clock.after(delay, () => this.#start());
    this.#listener.changed();
  }

  #tell(type: WorkerEnd, how: string, cost: { failed: number; returned: number }): void {
    const { pod, index, counter } = this.#place;
    counter.traffic.incidents.workerEnded(type, pod, index, how, cost);
  }

  #startFailure(exit: WorkerExit, how: string, outOfMemory: boolean): SeatFailure {
    const unknown = { file: null, line: null, class: null };
    if (this.#failed) {
      const { code, message, hint, file, line } = this.#failed;
      return { code, message, hint, file, line, class: this.#failed.class, certain: true };
    }
    if (this.#timedOut) {
      const seconds = this.#place.revision.settings['startup-timeout'];
      return {
        ...unknown,
        code: 'startup-timeout',
        message: `the predictor was not loaded within ${seconds} s`,
        hint: 'look into its log for where it hangs, or give it more time with --startup-timeout',
        certain: true,
      };
    }
    if (exit.error !== null) {
      return {
        ...unknown,
        code: 'cannot-start',
        message: `the worker cannot be started: ${exit.error}`,
        hint: `check the interpreter ${JSON.stringify(this.#place.revision.launch.command[0] ?? '')} (--python)`,
        certain: false,
      };
    }
    if (outOfMemory) {
      return {
        ...unknown,
        code: 'out-of-memory',
        message: `while the predictor was loaded, the worker ${how}`,
        hint: 'give its pods more with --ram-limit, or load less',
        certain: false,
      };
    }
    return {
      ...unknown,
      code: 'worker-died',
      message: `while the predictor was loaded, the worker ${how}`,
      hint: exit.signal === 'SIGKILL' ? 'the system kills what uses too much memory; see its log' : 'its last lines are in the log',
      certain: false,
    };
  }
}

function describeExit({ code, signal, error }: WorkerExit): string {
  if (error !== null) return `could not be started: ${error}`;
  return signal === null ? `ended with exit status ${code}` : `was ended by ${signal}`;
}
