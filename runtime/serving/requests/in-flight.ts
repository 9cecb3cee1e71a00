import type { Cause } from '../../api/causes.ts';
import { endpointCodes } from '../../api/endpoint.ts';
import type { Clock } from '../clock.ts';
import type { PodCounter } from '../metrics/server-traffic.ts';
import { causeOf, type Refusal } from './caller.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { type Slot, slotState } from './slot.ts';
import { SlotTable } from './slot-table.ts';

/** What nginx logs when a client hung up before its answer: metrics and the access log have it, no client does. */
export const clientGoneStatus = 499;

/** How far a request was whose client hung up, for the metrics and the access log. */
export function goneWhile({ state }: Slot): Cause {
  if (state === slotState.queued) return 'gone-waiting';
  if (state === slotState.receiving || state === slotState.uploading) return 'gone-receiving';
  return state === slotState.streaming ? 'gone-reading' : 'gone-running';
}

/**
 * The requests in flight, and the three ways in which one ends: answered, refused, or left by its client. Each path ends
 * here, so that whatever happens a request is counted once and its slot given back once.
 */
export class InFlight {
  readonly slots: SlotTable = new SlotTable();
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;

  constructor(clock: Clock, expired: (slot: Slot) => void, ticked?: () => void) {
    this.clock = clock;
    this.wheel = new DeadlineWheel(clock, expired, ticked);
  }

  /** Its answer has been given: counts it and gives the slot back. The slot must stand in no list any more. */
  finish(slot: Slot, status: number, cause: Cause, pod: PodCounter | null, now: number = this.clock.now()): void {
    this.wheel.disarm(slot);
    this.#count(slot, status, cause, pod, now);
    this.slots.release(slot);
  }

  /** Answers with an error and is done with it. The slot must stand in no list any more. */
  refuse(slot: Slot, refusal: Refusal, pod: PodCounter | null): void {
    slot.answeredAt = this.clock.now();
    slot.caller?.refuse(slot, refusal);
    this.finish(slot, endpointCodes[refusal.code], causeOf(refusal), pod, slot.answeredAt);
  }

  /**
   * Nobody waits any more, but a worker still owes the answer frame: the slot stays taken until that has come. `status`
   * is what the client got, or {@link clientGoneStatus}.
   */
  abandon(slot: Slot, status: number, cause: Cause, pod: PodCounter | null): void {
    this.wheel.disarm(slot);
    this.#count(slot, status, cause, pod, this.clock.now());
    slot.forgetCaller();
    slot.state = slotState.abandoned;
  }

  /** Only predictions count: questions for health are no load. */
  #count(slot: Slot, status: number, cause: Cause, pod: PodCounter | null, now: number): void {
    if (slot.kind === 0) slot.server?.traffic.record(slot, status, cause, pod, now);
  }
}
