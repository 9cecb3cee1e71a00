import type { Slot } from './slot.ts';

/**
 * How long the stages of one request took, in milliseconds: NaN for those that it did not come to, or of which nobody
 * knows. One object is used for all requests in turn. The worker's clock and the gateway's are not compared: a worker
 * tells durations, and what nobody else accounts for is the way back (`reply`).
 */
export class Stages {
  totalMs = 0;
  queueMs = Number.NaN;
  prepareMs = Number.NaN;
  predictMs = Number.NaN;
  replyMs = Number.NaN;
  /** Whether `queueMs` is all that it waited: of one that ended while a worker had it, nobody knows how long it lay there. */
  isQueueKnown = false;

  /** Reads a request that ends now. */
  read(slot: Slot, now: number): this {
    this.totalMs = now - slot.receivedAt;
    this.queueMs = this.prepareMs = this.predictMs = this.replyMs = Number.NaN;
    this.isQueueKnown = false;
    if (slot.takenAt < 0) return this;
    if (slot.sentAt < 0) {
      this.queueMs = now - slot.takenAt;
      this.isQueueKnown = true;
      return this;
    }
    this.queueMs = slot.sentAt - slot.takenAt;
    if (slot.waitedMs < 0) return this;
    this.queueMs += slot.waitedMs;
    this.isQueueKnown = true;
    if (slot.preparedMs > 0) this.prepareMs = slot.preparedMs;
    if (slot.predictedMs > 0) this.predictMs = slot.predictedMs;
    this.replyMs = Math.max(now - slot.takenAt - this.queueMs - slot.preparedMs - slot.predictedMs, 0);
    return this;
  }
}
