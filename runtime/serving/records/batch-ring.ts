import type { BatchRecord, ReleaseReason } from '../../api/traffic.ts';
import type { Clock } from '../clock.ts';
import { shown } from './request-ring.ts';

/** How a request of a batch ended, as far as the batch cares. */
export type MemberEnd = 'answered' | 'failed' | 'gone' | 'retried';

class Entry {
  /** Which batch this is; 0: none yet. */
  sequence = 0;
  id = '';
  pod = '';
  worker = 0;
  reason: ReleaseReason = 'worker-free';
  after: string | null = null;
  beganAt = 0;
  endedAt = 0;
  longest = Number.NaN;
  shortest = Number.NaN;
  predictMs = Number.NaN;
  isolated = false;
  readonly ends: Record<MemberEnd, number> = { answered: 0, failed: 0, gone: 0, retried: 0 };
  readonly requests: string[] = [];
}

/**
 * The last batches of a model server, in room that is made once and used again. A batch is named by its sequence number
 * here, from 1; whoever keeps that of one which has left the ring finds nothing.
 */
export class BatchRing {
  readonly #entries: Entry[];
  #added = 0;

  constructor(capacity: number) {
    this.#entries = Array.from({ length: capacity }, () => new Entry());
  }

  /** A batch begins; its requests {@link join} it next. Returns its sequence number. */
  begin(id: string, pod: string, worker: number, reason: ReleaseReason, now: number): number {
    const entry = this.#entries[this.#added % this.#entries.length] as Entry;
    entry.sequence = ++this.#added;
    entry.id = id;
    entry.pod = pod;
    entry.worker = worker;
    entry.reason = reason;
    entry.after = null;
    entry.beganAt = now;
    entry.endedAt = 0;
    entry.longest = entry.shortest = entry.predictMs = Number.NaN;
    entry.isolated = false;
    entry.ends.answered = entry.ends.failed = entry.ends.gone = entry.ends.retried = 0;
    entry.requests.length = 0;
    return entry.sequence;
  }

  join(sequence: number, requestId: string): void {
    this.#find(sequence)?.requests.push(requestId);
  }

  /** Its worker ran the batch `before` when a request of this one came, at `sentAt`: then this one waited for that one. */
  follows(sequence: number, before: number, sentAt: number): void {
    const entry = this.#find(sequence);
    const earlier = this.#find(before);
    if (entry && earlier && (isRunning(earlier) || sentAt < earlier.endedAt)) entry.after = earlier.id;
  }

  isolate(sequence: number): void {
    const entry = this.#find(sequence);
    if (entry) entry.isolated = true;
  }

  isIsolated(sequence: number): boolean {
    return this.#find(sequence)?.isolated === true;
  }

  /** What people call it; null when it is not known here. */
  idOf(sequence: number): string | null {
    return this.#find(sequence)?.id ?? null;
  }

  /** One of its requests is over, or is the model server's again. Times in milliseconds, NaN where nobody knows. */
  ended(sequence: number, end: MemberEnd, queueMs: number, predictMs: number, now: number): void {
    const entry = this.#find(sequence);
    if (!entry) return;
    entry.ends[end]++;
    entry.endedAt = now;
    if (!Number.isNaN(predictMs)) {
      entry.longest = Number.isNaN(entry.longest) ? queueMs : Math.max(entry.longest, queueMs);
      entry.shortest = Number.isNaN(entry.shortest) ? queueMs : Math.min(entry.shortest, queueMs);
      entry.predictMs = Number.isNaN(entry.predictMs) ? predictMs : Math.max(entry.predictMs, predictMs);
    }
  }

  /** Its worker is done with a request of it that {@link ended} before, because nobody waited for it any more. */
  left(sequence: number, now: number): void {
    const entry = this.#find(sequence);
    if (entry) entry.endedAt = now;
  }

  /** Whether somebody still waits for it. */
  isRunning(sequence: number): boolean {
    const entry = this.#find(sequence);
    return entry !== undefined && isRunning(entry);
  }

  /** Newest first. */
  records(clock: Clock): BatchRecord[] {
    const began = clock.date().getTime() - clock.now();
    const { length } = this.#entries;
    return Array.from({ length: Math.min(this.#added, length) }, (_, age) => {
      const entry = this.#entries[(this.#added - 1 - age) % length] as Entry;
      const { id, pod, worker, reason, after, isolated, requests, ends } = entry;
      const longest = shown(entry.longest);
      const shortest = shown(entry.shortest);
      return {
        time: new Date(began + entry.beganAt).toISOString(),
        id,
        pod,
        worker,
        size: requests.length,
        reason,
        after,
        waitedMs: longest === null || shortest === null ? null : { longest, shortest },
        predictMs: shown(entry.predictMs),
        isolated,
        outcome: { running: running(entry), ...ends },
        requests: [...requests],
      };
    });
  }

  #find(sequence: number): Entry | undefined {
    if (sequence === 0) return undefined;
    const entry = this.#entries[(sequence - 1) % this.#entries.length];
    return entry?.sequence === sequence ? entry : undefined;
  }
}

function running({ requests, ends }: Entry): number {
  return requests.length - ends.answered - ends.failed - ends.gone - ends.retried;
}

function isRunning(entry: Entry): boolean {
  return running(entry) > 0;
}
