import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Slot } from '../requests/slot.ts';

/**
 * Node's own classes with a field for the slot, so that listeners need no closure of their own for each request. The
 * slot may serve another request by the time an event comes: it is this one's only while it points back here.
 */
export class EndpointRequest extends IncomingMessage {
  slot: Slot | null = null;
}

export class EndpointResponse extends ServerResponse<EndpointRequest> {
  slot: Slot | null = null;
  /** Why it is an error of ours. */
  cause: string | null = null;
}

/** A client's connection. Answers leave it in the order of their requests, so the newest one is the last to end. */
export interface EndpointSocket extends Socket {
  newest?: EndpointResponse;
}
