/** A user-written `health` that takes longer counts as failed. */
export const healthTimeoutMs = 5000;

/** Failures in a row that take a pod out of routing (`spec/behaviour.md` §1). */
export const failuresToUnhealthy = 3;

/** What is known of one pod's user-written health: fed with answers, it says whether requests may go there. */
export class HealthRecord {
  /** Whether it ever answered well: a new revision's pod needs that once. */
  everHealthy = false;
  healthy = false;
  /** The last failure in words; null after a success. */
  reason: string | null = null;
  #failures = 0;

  /** Notes one answer; `failure` is null for a good one. Returns whether `healthy` changed. */
  note(failure: string | null): boolean {
    const before = this.healthy;
    this.reason = failure;
    if (failure === null) {
      this.#failures = 0;
      this.everHealthy = true;
      this.healthy = true;
    } else {
      this.#failures++;
      if (this.#failures >= failuresToUnhealthy) this.healthy = false;
    }
    return this.healthy !== before;
  }
}
