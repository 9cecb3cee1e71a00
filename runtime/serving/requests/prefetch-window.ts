/** Most requests that an unbatched worker holds, the running one included. */
export const maxWindow = 32;

/** Work that may lie prefetched in a worker: what a request waits there at most, as far as the past tells. */
const prefetchedWorkMs = 2;

/** How much the newest measurement counts. */
const weight = 0.2;

/**
 * How many requests a worker may hold at a time. A worker that answers in microseconds needs a supply in its own
 * process to stay busy (one at a time costs four fifths of the throughput); one that takes its time gets what it runs
 * and one more, so that next to nothing waits behind a request while another worker is free.
 */
export class PrefetchWindow {
  /** The number of requests: from 2 to {@link maxWindow}. */
  size = 2;
  /** The measured time a request takes, in milliseconds; 0 while nothing was measured. */
  serviceMs = 0;

  /** Learns from `answers` answers that took `elapsedMs` together, without a pause between them. */
  observe(answers: number, elapsedMs: number): void {
    const each = elapsedMs / answers;
    this.serviceMs = this.serviceMs === 0 ? each : this.serviceMs + weight * (each - this.serviceMs);
    const prefetched = this.serviceMs > 0 ? Math.floor(prefetchedWorkMs / this.serviceMs) : maxWindow;
    this.size = Math.min(Math.max(1 + prefetched, 2), maxWindow);
  }
}
