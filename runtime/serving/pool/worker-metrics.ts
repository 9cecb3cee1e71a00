import type { Clock } from '../clock.ts';
import type { MetricsReport } from '../wire/frames.ts';

/** How long a worker is waited for, in milliseconds; a predictor that holds the interpreter says later what it says. */
const reportWithinMs = 1000;

/** What one worker's predictor said last of its own metrics. */
export class WorkerMetrics {
  /** Whether it has any, as far as it said: it does so before the next thing that it is asked. */
  exist = false;
  /** Its last report. */
  report: MetricsReport = [];
  readonly #clock: Clock;
  readonly #ask: () => void;
  #waiting: (() => void)[] = [];

  /** `ask` sends METRICS. */
  constructor(clock: Clock, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Asks for a new report, once however many want it. Resolves when it has come, or when that takes too long. */
  renew(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#waiting.length === 0) this.#ask();
    this.#waiting.push(resolve);
    const cancel = this.#clock.after(reportWithinMs, () => this.#end());
    return promise.finally(cancel);
  }

  /** Takes MEASURED. */
  take(report: MetricsReport): void {
    this.report = report;
    this.#end();
  }

  #end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
