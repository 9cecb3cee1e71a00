import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelServer } from '../model-server.ts';
import type { Worker } from '../pool/worker.ts';
import type { Caller } from './caller.ts';
import type { SlotList } from './slot-list.ts';
import type { Upload } from './upload.ts';

/**
 * How far a request has come.
 *
 * - `receiving`: its body is still on the way
 * - `queued`: it waits in its model server's queue
 * - `uploading`: a worker was told of it, and its large body is on the way there
 * - `sent`: a worker has it, prefetched or running
 * - `streaming`: its answer has begun, and goes on in pieces
 * - `abandoned`: nobody waits any more, but the worker still owes its one answer frame
 */
export const slotState = { free: 0, receiving: 1, queued: 2, sent: 3, streaming: 4, abandoned: 5, uploading: 6 } as const;
export type SlotState = (typeof slotState)[keyof typeof slotState];

/**
 * Everything about one request in flight. Slots are made once and used again: a `Map` of requests costs collector
 * pauses of 20 ms (DESIGN.md). `id` is the slot's index and its generation, so that an answer to an earlier use of the
 * slot is recognised and dropped.
 *
 * The fields are plain and public because several stages share them and each is touched for each request. Who owns a
 * slot at a moment is its `state`; the links belong to the {@link SlotList} and the wheel that it stands in.
 */
export class Slot {
  readonly index: number;
  id = 0;
  state: SlotState = slotState.free;

  /** 0: predict, 1: health, as in the REQUEST frame. */
  kind = 0;
  requestId = '';
  caller: Caller | null = null;
  request: IncomingMessage | null = null;
  response: ServerResponse | null = null;
  server: ModelServer | null = null;
  worker: Worker | null = null;

  /** The web origin that may read the answer; null where none was allowed. */
  corsOrigin: string | null = null;

  /** The first piece of the body (usually the only one) and the others. */
  body: Uint8Array | null = null;
  moreBody: Uint8Array[] | null = null;
  /** Bytes of the body that came from the client. */
  bodySize = 0;
  /** Bytes that the body will have, as its client said; 0 if it did not say. */
  declaredSize = 0;
  /** Bytes that the body may have. */
  bodyLimit = 0;
  /** The body, where it is too large to be kept here; such a request cannot be given to another worker. */
  upload: Upload | null = null;

  /** When its headers had come, on the clock of `performance.now()`. */
  receivedAt = 0;
  /** When it is answered 504. */
  deadline = Number.POSITIVE_INFINITY;
  /** When it is answered 503 unless a pod got ready; infinite as long as there is one. */
  startDeadline = Number.POSITIVE_INFINITY;
  /** The how-manieth predict request its worker was sent: what the worker's begun counter speaks of. */
  ordinal = 0;
  /** When its body was complete (or is taken to have been, of a large one) and its model server took it; -1 before. */
  takenAt = -1;
  /** When a worker was given it, the last time; -1 before. */
  sentAt = -1;
  /** How many requests stood before it when it was taken: in the queue, or in its worker. */
  ahead = 0;
  /** The last batch that it was in, by its number in the `BatchRing`; 0: none. */
  batch = 0;
  /** Its client wants to be told how long its stages took. */
  wantsTiming = false;
  /** When its answer began to leave, for who tells its client. */
  answeredAt = 0;
  /** Its stages in the worker, as the answer tells them: before `predict` (-1: not told), in `prepare`, in `predict`. */
  waitedMs = -1;
  preparedMs = 0;
  predictedMs = 0;
  /** How many workers died while they had it. */
  deaths = 0;
  /** It was in a batch whose worker died: from now on it runs in no company, so that the guilty one is found. */
  alone = false;
  /** A RECALL is under way. */
  recalled = false;
  /** The status of an answer that is being streamed. */
  status = 0;
  /** Bytes of a streamed answer that the client took and the worker was not told of. */
  uncredited = 0;

  list: SlotList | null = null;
  previous: Slot | null = null;
  next: Slot | null = null;

  wheelTick = 0;
  wheelPrevious: Slot | null = null;
  wheelNext: Slot | null = null;

  constructor(index: number) {
    this.index = index;
  }

  /** Lets go of what belongs to the client: nobody waits for an answer any more. */
  forgetCaller(): void {
    this.caller = null;
    this.request = null;
    this.response = null;
    this.body = null;
    this.moreBody = null;
    this.bodySize = 0;
    this.upload?.stop();
    this.upload = null;
    this.corsOrigin = null;
  }
}
