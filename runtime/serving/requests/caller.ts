import type { Cause } from '../../api/causes.ts';
import type { EndpointCode } from '../../api/endpoint.ts';
import type { RequestHead } from '../wire/frames.ts';
import type { Slot } from './slot.ts';

/** Why a request is not answered by its predictor. */
export interface Refusal {
  code: EndpointCode;
  message: string;
  /** What it counts as, where the code does not say ({@link causeOf}). */
  cause?: Cause;
  /** Seconds for `Retry-After`. */
  retryAfter?: number;
  /** Which parts of the payload do not match (`invalid-payload`). */
  fields?: { path: string; message: string }[];
  /** Only where the model server runs with `debug`. */
  traceback?: string;
}

/**
 * Who asked: a client over HTTP, or the gateway itself when it probes a pod's health. One object serves all requests of
 * its kind; what belongs to the single request is in its slot. Exactly one of `answer`, `begin` and `refuse` is called,
 * once; after `begin` come `chunk`s and one `end`. `answer` and `begin` return the status that was really sent: a response
 * whose headers HTTP does not allow becomes an error.
 */
export interface Caller {
  /** The whole answer. `kind` is a `bodyKind`; with `bodyKind.head`, `head` is the frame's JSON of header pairs. */
  answer(slot: Slot, status: number, kind: number, head: Uint8Array | null, body: Buffer): number;
  /** The first piece of an answer that goes on. */
  begin(slot: Slot, status: number, kind: number, head: Uint8Array | null, body: Buffer): number;
  /** The next piece. The caller grants the worker credit as its client takes the bytes. */
  chunk(slot: Slot, bytes: Buffer): void;
  /** `broken`: the answer must not look complete to the client. */
  end(slot: Slot, broken: boolean): void;
  refuse(slot: Slot, refusal: Refusal): void;
  /** What a predictor gets that asks for the `Request` itself. */
  head(slot: Slot): RequestHead;
}

/** Why a request that is refused so ended. */
export function causeOf({ code, cause }: Refusal): Cause {
  if (cause !== undefined) return cause;
  switch (code) {
    case 'not-found':
      return 'removed';
    case 'deadline':
      return 'deadline-waiting';
    case 'method-not-allowed':
      return 'bad-request';
    default:
      return code;
  }
}
