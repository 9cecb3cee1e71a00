import type { ServerResponse } from 'node:http';
import { endpointCodes } from '../../api/endpoint.ts';
import type { Refusal } from '../requests/caller.ts';
import type { EndpointResponse } from './exchange.ts';
import type { HttpRefusal } from './refusals.ts';
import { discardOrCut, discardRest } from './unread-body.ts';

/** The body of an error (`spec/surfaces.md` §3). */
export function errorBody({ code, message, fields, traceback }: Refusal, requestId: string): string {
  return JSON.stringify({
    error: { code, message, request_id: requestId, ...(fields && { fields }), ...(traceback !== undefined && { traceback }) },
  });
}

/** Answers a request that has come whole, or has no body, with an error. `extra` are further headers, names and values in turn. */
export function answerError(response: ServerResponse, refusal: HttpRefusal, requestId: string, extra: readonly string[] = []): void {
  response.end(writeErrorHead(response, refusal, requestId, extra));
}

/**
 * Answers with an error while the client may still be sending a body that nobody wants. It is discarded, and the
 * connection stays if it ends soon: a client that is told to try again need not connect again.
 */
export function answerErrorUnread(response: ServerResponse, refusal: HttpRefusal, requestId: string, extra: readonly string[] = []): void {
  answerError(response, refusal, requestId, extra);
  discardOrCut(response.req);
}

/**
 * Answers with an error and ends the connection, while the client is still sending. Closing at once would make the
 * client's system throw the answer away unread (RFC 9112 §9.6), so the answer goes out whole, what comes is discarded
 * for a while, and then the connection closes. Where another answer has begun already, that is broken off.
 */
export function answerErrorAndClose(
  response: ServerResponse,
  refusal: HttpRefusal,
  requestId: string,
  extra: readonly string[] = [],
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.shouldKeepAlive = false;
  response.write(writeErrorHead(response, refusal, requestId, extra));
  discardRest(response.req, () => response.end());
}

function writeErrorHead(response: ServerResponse, refusal: HttpRefusal, requestId: string, extra: readonly string[]): string {
  (response as EndpointResponse).cause = refusal.cause ?? refusal.code;
  const body = errorBody(refusal, requestId);
  const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)), 'x-request-id', requestId];
  if (refusal.retryAfter !== undefined) headers.push('retry-after', String(refusal.retryAfter));
  response.writeHead(refusal.status ?? endpointCodes[refusal.code], [...headers, ...extra]);
  return body;
}
