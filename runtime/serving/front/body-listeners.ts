import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { keptBodyBytes, Upload } from '../requests/upload.ts';
import { answerErrorAndClose } from './error-answer.ts';
import type { EndpointRequest, EndpointResponse } from './exchange.ts';
import { tooLarge } from './refusals.ts';

/** Listeners that all requests share: they find what they need through `this`. */
export interface BodyListeners {
  onData(this: EndpointRequest, piece: Buffer): void;
  onEnd(this: EndpointRequest): void;
  onClose(this: EndpointResponse): void;
}

/**
 * The listeners that collect a body into its slot, or lead a large one to where it goes, hand the slot on, and notice a
 * client that leaves.
 */
export function bodyListeners(inFlight: InFlight): BodyListeners {
  /** The body is too large to be kept: its request waits for a worker now, and the client with it. */
  const beginUpload = (slot: Slot, request: EndpointRequest): void => {
    const received = [...(slot.body ? [slot.body] : []), ...(slot.moreBody ?? [])];
    slot.body = slot.moreBody = null;
    const timeoutMs = (slot.server?.settings?.['predict-timeout'] ?? 0) * 1000;
    slot.upload = new Upload(slot, request, received, timeoutMs, inFlight.clock);
    slot.server?.flow.take(slot);
  };
  return {
    onData(piece) {
      const { slot } = this;
      if (slot === null || slot.request !== this) return;
      slot.bodySize += piece.length;
      if (slot.bodySize > slot.bodyLimit) {
        if (slot.response) answerErrorAndClose(slot.response, tooLarge(slot.bodyLimit), slot.requestId);
        slot.server?.flow.abandon(slot, 413, 'too-large');
      } else if (slot.upload) slot.upload.push(piece);
      else if (slot.state === slotState.receiving) {
        if (slot.body === null) slot.body = piece;
        else if (slot.moreBody === null) slot.moreBody = [piece];
        else slot.moreBody.push(piece);
        if (slot.bodySize > keptBodyBytes || slot.declaredSize > keptBodyBytes) beginUpload(slot, this);
      }
    },
    onEnd() {
      const { slot } = this;
      if (slot === null || slot.request !== this) return;
      if (slot.upload) slot.upload.end();
      else if (slot.state === slotState.receiving) slot.server?.flow.take(slot);
    },
    onClose() {
      const { slot } = this;
      if (slot !== null && slot.response === this) slot.server?.flow.clientGone(slot);
    },
  };
}
