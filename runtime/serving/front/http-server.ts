import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { endpointCodes } from '../../api/endpoint.ts';
import type { Refusal } from '../requests/caller.ts';
import type { Endpoint } from './endpoint.ts';
import { answerError, errorBody } from './error-answer.ts';
import { EndpointRequest, EndpointResponse } from './exchange.ts';
import { unknownExpectation } from './refusals.ts';

/** A client may take so long for its headers; bodies have a pace of their own (`body-pace.ts`). */
const headersTimeoutMs = 20_000;

/** How long an idle connection stays open: longer than usual clients and proxies keep theirs, so that they close first. */
const keepAliveTimeoutMs = 75_000;

/** The HTTP/1.1 front. Its parser is Node's strict one: what could be read in two ways is refused with 400. */
export type Front = Server<typeof EndpointRequest, typeof EndpointResponse>;

export function createFront(endpoint: Endpoint, nextId: () => string): Front {
  const server = createServer(
    {
      IncomingMessage: EndpointRequest,
      ServerResponse: EndpointResponse,
      headersTimeout: headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: 2000,
      // A request without Host is refused by the endpoint, with an id and a body like any other.
      requireHostHeader: false,
    },
    (request, response) => endpoint.handle(request, response, false),
  );
  server.on('checkContinue', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, true));
  server.on('checkExpectation', (_: EndpointRequest, response: EndpointResponse) =>
    answerError(response, unknownExpectation, nextId(), [], 417),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => answerUnreadable(error, socket, nextId()));
  return server;
}

/** There is no request to answer, only bytes that are none: the answer is written by hand, and the connection ends. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket, id: string): void {
  if (!socket.writable || error.code === 'ECONNRESET' || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error);
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : endpointCodes[refusal.code];
  const body = errorBody(refusal, id);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${id}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function refusalOf(error: NodeJS.ErrnoException): Refusal {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { code: 'request-timeout', message: `the request's headers did not come within ${headersTimeoutMs / 1000} s` };
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') return { code: 'bad-request', message: 'the headers are larger than 16 KiB' };
  return { code: 'bad-request', message: `this is no HTTP/1.1 request: ${error.message}` };
}
