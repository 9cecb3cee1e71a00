import type { Caller, Refusal } from '../requests/caller.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import type { RequestHead } from '../wire/frames.ts';
import { healthTimeoutMs } from './health-record.ts';
import type { Worker } from './worker.ts';

/**
 * Asks a worker's predictor for its `health`, as `GET /OWNER/NAME/health` would. Resolves with null when it is well,
 * else with what was wrong: an error, a status that is not 2xx, or no answer within {@link healthTimeoutMs}.
 */
export function probeHealth(inFlight: InFlight, worker: Worker, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const slot = inFlight.slots.acquire();
    if (!slot) return resolve('the gateway has too many requests in flight to ask');
    slot.requestId = 'health-probe';
    slot.receivedAt = inFlight.clock.now();
    slot.caller = new ProbeCaller(path, resolve);
    worker.probe(slot);
    inFlight.clock.after(healthTimeoutMs, () => {
      // Answered by then in nearly every case; the caller knows, because a slot is used again.
      const caller = slot.caller;
      if (!(caller instanceof ProbeCaller) || caller.resolve !== resolve || slot.state !== slotState.sent) return;
      inFlight.abandon(slot, 503, 'unhealthy', null);
      worker.cancel(slot);
      resolve(`health gave no answer within ${healthTimeoutMs / 1000} s`);
    });
  });
}

/** The gateway itself as the one who asks. */
class ProbeCaller implements Caller {
  readonly resolve: (failure: string | null) => void;
  readonly #path: string;

  constructor(path: string, resolve: (failure: string | null) => void) {
    this.#path = path;
    this.resolve = resolve;
  }

  answer(_slot: Slot, status: number): number {
    this.resolve(failureOf(status));
    return status;
  }

  begin(slot: Slot, status: number, _kind: number, _head: Uint8Array | null, body: Buffer): number {
    this.resolve(failureOf(status));
    slot.worker?.credit(slot, body.length);
    return status;
  }

  chunk(slot: Slot, bytes: Buffer): void {
    slot.worker?.credit(slot, bytes.length);
  }

  end(): void {}

  refuse(_slot: Slot, refusal: Refusal): void {
    this.resolve(refusal.message);
  }

  head(): RequestHead {
    return {
      method: 'GET',
      scheme: 'http',
      httpVersion: '1.1',
      rawPath: this.#path,
      query: '',
      headers: [['host', 'localhost']],
      client: null,
      server: ['localhost', 80],
    };
  }
}

function failureOf(status: number): string | null {
  return status >= 200 && status < 300 ? null : `health answered with status ${status}`;
}
