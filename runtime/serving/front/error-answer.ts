import type { ServerResponse } from 'node:http';
import { endpointCodes } from '../../api/endpoint.ts';
import type { Refusal } from '../requests/caller.ts';

/** The body of an error (`spec/surfaces.md` §3). */
export function errorBody({ code, message, fields, traceback }: Refusal, requestId: string): string {
  return JSON.stringify({
    error: { code, message, request_id: requestId, ...(fields && { fields }), ...(traceback !== undefined && { traceback }) },
  });
}

/**
 * Answers with an error. `extra` are further headers, names and values in turn; `status` is for the few that HTTP has a
 * status of its own for.
 */
export function answerError(
  response: ServerResponse,
  refusal: Refusal,
  requestId: string,
  extra: readonly string[] = [],
  status: number = endpointCodes[refusal.code],
): void {
  const body = errorBody(refusal, requestId);
  const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)), 'x-request-id', requestId];
  if (refusal.retryAfter !== undefined) headers.push('retry-after', String(refusal.retryAfter));
  response.writeHead(status, [...headers, ...extra]);
  response.end(body);
}

/** A client that goes on sending after its answer is listened to for so long, or so far, before it is cut off. */
const lingerMs = 2000;
const lingerBytes = 256 * 2 ** 20;

/**
 * Answers with an error while the client is still sending a body that nobody wants. Closing at once would make the
 * client's system throw the answer away unread (RFC 9112 §9.6), so the answer goes out whole, the rest of the body is
 * discarded for a while, and then the connection closes.
 */
export function answerErrorAndClose(response: ServerResponse, refusal: Refusal, requestId: string): void {
  const body = errorBody(refusal, requestId);
  response.writeHead(endpointCodes[refusal.code], {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  });
  response.write(body);
  const { req } = response;
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, lingerMs);
  let discarded = 0;
  req.on('data', (piece: Buffer) => {
    discarded += piece.length;
    if (discarded > lingerBytes) finish();
  });
  req.once('end', finish);
  req.once('close', finish);
}
