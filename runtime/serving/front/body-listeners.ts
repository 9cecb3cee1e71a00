import { clientGoneStatus, type InFlight } from '../requests/in-flight.ts';
import { slotState } from '../requests/slot.ts';
import { answerErrorAndClose } from './error-answer.ts';
import type { EndpointRequest, EndpointResponse } from './exchange.ts';
import { tooLarge } from './refusals.ts';

/** Listeners that all requests share: they find what they need through `this`. */
export interface BodyListeners {
  onData(this: EndpointRequest, piece: Buffer): void;
  onEnd(this: EndpointRequest): void;
  onClose(this: EndpointResponse): void;
}

/** The listeners that collect a body into its slot, hand the slot on, and notice a client that leaves. */
export function bodyListeners(inFlight: InFlight): BodyListeners {
  return {
    onData(piece) {
      const { slot } = this;
      if (slot === null || slot.request !== this || slot.state !== slotState.receiving) return;
      slot.bodySize += piece.length;
      const limit = slot.server?.settings?.['max-request-size'] ?? 0;
      if (slot.bodySize > limit) {
        if (slot.response) answerErrorAndClose(slot.response, tooLarge(limit), slot.requestId);
        inFlight.finish(slot, 413, 'too-large', null);
      } else if (slot.body === null) slot.body = piece;
      else if (slot.moreBody === null) slot.moreBody = [piece];
      else slot.moreBody.push(piece);
    },
    onEnd() {
      const { slot } = this;
      if (slot === null || slot.request !== this || slot.state !== slotState.receiving) return;
      if (slot.server) slot.server.flow.take(slot);
      else inFlight.finish(slot, clientGoneStatus, 'gone-receiving', null);
    },
    onClose() {
      const { slot } = this;
      if (slot !== null && slot.response === this) slot.server?.flow.clientGone(slot);
    },
  };
}
