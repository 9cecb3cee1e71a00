import type { IncomingMessage } from 'node:http';

/** A client that goes on sending after its answer is listened to for so long, or so far, before it is cut off. */
export const lingerMs = 2000;
const lingerBytes = 256 * 2 ** 20;

/** A declared body of at most this size is discarded rather than refused with the connection: it is nearly here. */
export const discardableBytes = 64 * 1024;

/** Requests of this turn of the event loop that were answered before their bodies had come. */
const answeredEarly: IncomingMessage[] = [];

/**
 * Its answer is on its way: the connection stays if the body that nobody asked for ends soon. Most bodies come with their
 * headers, and Node throws those away with the answer; only what still comes after this turn gets listeners and a timer,
 * because a gateway that is overrun refuses thousands a second.
 */
export function discardOrCut(request: IncomingMessage): void {
  if (answeredEarly.push(request) === 1) setImmediate(watchWhatStillComes);
}

function watchWhatStillComes(): void {
  for (const request of answeredEarly.splice(0)) {
    if (request.complete || request.destroyed) continue;
    discardRest(request, (complete) => {
      if (!complete) request.socket.destroy();
    });
  }
}

/**
 * Throws away what still comes of a body. `done` is called once: with true when the body is complete, with false when
 * the client left, or takes too long.
 */
export function discardRest(request: IncomingMessage, done: (complete: boolean) => void): void {
  let discarded = 0;
  let over = false;
  const finish = (complete: boolean): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done(complete);
  };
  const timer = setTimeout(finish, lingerMs, false);
  request.on('data', (piece: Buffer) => {
    discarded += piece.length;
    if (discarded > lingerBytes) finish(false);
  });
  request.once('end', () => finish(true));
  request.once('close', () => finish(request.complete));
  // It may have been held.
  request.resume();
}
