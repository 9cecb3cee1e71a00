import type { LoadResult } from './plan.ts';

/** Counts what comes back, from the moment that `measure` is called until `stop`. */
export class Recorder {
  readonly #latencies: Latencies = new Latencies();
  readonly #calm: Latencies = new Latencies();
  readonly #refusals: Latencies = new Latencies();
  readonly #statuses: Map<number, number> = new Map();
  readonly #hungUp: { id: number; at: number }[] = [];
  readonly #poison = { failed: 0, passed: 0 };
  #measuring = false;
  #began = 0;
  #seconds = 0;
  #answered = 0;
  #wrong = 0;
  #withRetryAfter = 0;
  #within50Ms = 0;
  #calmSeconds = 0;
  #pieceBegan = 0;
  #pieceFrom = 0;
  #longestGapMs = 0;
  #lastAnswer = 0;
  #lastAnswerAt = 0;

  get answered(): number {
    return this.#answered;
  }

  measure(): void {
    this.#measuring = true;
    this.#began = this.#pieceBegan = performance.now();
    this.#lastAnswer = this.#began;
  }

  /** Ends a piece of the measured time, which counts for {@link LoadResult.calm} if nothing disturbed it. */
  endPiece(wasCalm: boolean): void {
    if (!this.#measuring) return;
    const now = performance.now();
    if (wasCalm) {
      this.#calmSeconds += (now - this.#pieceBegan) / 1000;
      this.#calm.copy(this.#latencies, this.#pieceFrom);
    }
    this.#pieceBegan = now;
    this.#pieceFrom = this.#latencies.count;
  }

  stop(): void {
    const now = performance.now();
    this.#measuring = false;
    this.#seconds = (now - this.#began) / 1000;
    this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastAnswer);
  }

  right(now: number, latencyMs: number): void {
    this.#answered++;
    if (!this.#measuring) return;
    this.#latencies.add(latencyMs);
    if (now - this.#lastAnswer > this.#longestGapMs) this.#longestGapMs = now - this.#lastAnswer;
    this.#lastAnswer = now;
    this.#lastAnswerAt = Date.now();
  }

  refused(latencyMs: number, retryAfter: boolean): void {
    if (!this.#measuring) return;
    this.#refusals.add(latencyMs);
    if (retryAfter) this.#withRetryAfter++;
    if (latencyMs <= 50) this.#within50Ms++;
  }

  /** Wrong answers count always: also one in the warm-up must not stay unseen. */
  wrong(): void {
    this.#wrong++;
  }

  poison(passed: boolean): void {
    if (!this.#measuring) return;
    if (passed) this.#poison.passed++;
    else this.#poison.failed++;
  }

  status(status: number): void {
    if (this.#measuring) this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  hungUp(id: number): void {
    this.#hungUp.push({ id, at: Date.now() });
  }

  result(): LoadResult {
    const latencies = this.#latencies;
    return {
      requestsPerSecond: rounded(latencies.count / this.#seconds),
      answered: this.#answered,
      p50Ms: latencies.quantile(0.5),
      p99Ms: latencies.quantile(0.99),
      maxMs: latencies.quantile(1),
      ...(this.#calm.count > 0 && {
        calm: { seconds: rounded(this.#calmSeconds), p50Ms: this.#calm.quantile(0.5), p99Ms: this.#calm.quantile(0.99) },
      }),
      longestGapMs: rounded(this.#longestGapMs),
      lastAnswerAt: this.#lastAnswerAt,
      wrong: this.#wrong,
      poison: this.#poison,
      refused: {
        count: this.#refusals.count,
        withRetryAfter: this.#withRetryAfter,
        p99Ms: this.#refusals.quantile(0.99),
        maxMs: this.#refusals.quantile(1),
        within50Ms: this.#within50Ms,
      },
      statuses: Object.fromEntries(this.#statuses),
      hungUp: this.#hungUp,
    };
  }
}

/** Many numbers, kept without an object for each. */
class Latencies {
  count = 0;
  #values: Float64Array = new Float64Array(1 << 16);
  #sorted = false;

  add(value: number): void {
    if (this.count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.count++] = value;
  }

  /** Adds those of another, which must not have been sorted yet, from one on. */
  copy(other: Latencies, from: number): void {
    for (let at = from; at < other.count; at++) this.add(other.#values[at] as number);
  }

  /** The value that so much of all is not above; 0 when there is none. */
  quantile(part: number): number {
    if (!this.#sorted) this.#values.subarray(0, this.count).sort();
    this.#sorted = true;
    return rounded(this.#values[Math.min(Math.floor(part * this.count), this.count - 1)] ?? 0);
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
