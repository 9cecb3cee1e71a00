import type { PodCounter } from '../metrics/server-traffic.ts';
import type { Refusal } from '../requests/caller.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import type { SlotList } from '../requests/slot-list.ts';
import { keptBodyBytes } from '../requests/upload.ts';

/** How often a request is given to another worker because the one that had prefetched it died. */
const maxDeaths = 3;

/** A large body is in one place only. Nothing of it ran, so its client may send it again without harm. */
const bodyLost: Refusal = {
  code: 'not-ready',
  cause: 'worker-died',
  message: `the worker died before it ran this request, and a body above ${keptBodyBytes / 1024} KiB is not kept for another one: send it again`,
  retryAfter: 1,
};

/** What a worker had. */
interface Lists {
  outstanding: SlotList;
  incomplete: SlotList;
  streams: SlotList;
  probes: SlotList;
}

interface Death {
  inFlight: InFlight;
  counter: PodCounter;
  /** The ordinal of the last request that it began. */
  begun: number;
  /** What became of the process, as in "the worker …". */
  how: string;
  /** Whether a batch that raises or kills is taken apart (`batch-isolation`). */
  isolates: boolean;
}

/**
 * Empties the lists of a worker that died. What it had begun is answered 500; the rest is returned as `back`, oldest
 * first, for another worker. Of a batch, nobody knows who was guilty: where it `isolates`, its members go back, too, to run
 * once more and each alone. One that dies alone is answered. `failed`: how many requests its death cost.
 */
export function settleAfterDeath(lists: Lists, death: Death): { failed: number; back: Slot[] } {
  const { inFlight, counter, how } = death;
  const had = takeOutstanding(lists.outstanding, death);
  for (const slot of taken(lists.incomplete, inFlight)) inFlight.refuse(slot, bodyLost, counter);
  const streams = taken(lists.streams, inFlight);
  for (const slot of streams) {
    slot.caller?.end(slot, true);
    inFlight.finish(slot, slot.status, 'broken-off', counter);
  }
  for (const slot of taken(lists.probes, inFlight)) {
    inFlight.refuse(slot, { code: 'worker-died', message: `while it was asked for its health, the worker ${how}` }, counter);
  }
  return { failed: had.failed + streams.length, back: had.back };
}

function takeOutstanding(outstanding: SlotList, death: Death): { failed: number; back: Slot[] } {
  const { inFlight, counter, begun, how } = death;
  const inCompany = death.isolates && begunCount(outstanding, begun) > 1;
  const back: Slot[] = [];
  let failed = 0;
  for (const slot of taken(outstanding, inFlight)) {
    slot.deaths++;
    if (slot.upload && slot.ordinal > begun) inFlight.refuse(slot, bodyLost, counter);
    else if (slot.ordinal > begun && slot.deaths < maxDeaths) back.push(slot);
    else if (inCompany && !slot.alone && !slot.upload) {
      slot.alone = true;
      counter.traffic.lastBatches.ended(slot.batch, 'retried', Number.NaN, Number.NaN, inFlight.clock.now());
      slot.batch = 0;
      back.push(slot);
    } else {
      failed++;
      const cause = slot.alone ? 'poison' : 'worker-died';
      inFlight.refuse(slot, { code: 'worker-died', cause, message: `while it ran this request, the worker ${how}` }, counter);
    }
  }
  for (const slot of back) slot.worker = null;
  return { failed, back };
}

/** How many requests had begun that still wait for an answer, or would if their clients did. */
function begunCount(outstanding: SlotList, begun: number): number {
  let count = 0;
  for (let slot = outstanding.first; slot && slot.ordinal <= begun; slot = slot.next) count++;
  return count;
}

/** Takes all out of a list, and returns those that somebody still waits for. */
function taken(list: SlotList, inFlight: InFlight): Slot[] {
  const waitedFor: Slot[] = [];
  for (const slot of list.toArray()) {
    list.remove(slot);
    if (slot.state === slotState.abandoned) inFlight.slots.release(slot);
    else waitedFor.push(slot);
  }
  return waitedFor;
}
