import { createServer, type Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Endpoint } from './endpoint.ts';
import { EndpointRequest, EndpointResponse, type EndpointSocket } from './exchange.ts';
import { connectRefused } from './refusals.ts';
import type { CertificatePair } from './tls/certificate-pair.ts';
import { answerByHand, unreadableRefusal } from './unreadable.ts';

/** A client may take so long for its headers; bodies have a pace of their own (`body-pace.ts`). */
const headersTimeoutMs = 20_000;

/** How often connections are looked at for that. */
const connectionsCheckingIntervalMs = 2000;

/** How long an idle connection stays open: longer than usual clients and proxies keep theirs, so that they close first. */
const keepAliveTimeoutMs = 75_000;

/** All headers of a request together; more is answered 431. */
const maxHeaderBytes = 16 * 1024;

/** Node reads no more headers than this of a request, and would silently pass over the rest: more than fit in 16 KiB. */
const maxHeadersCount = 0;

/** Connections at a time; what comes beyond is closed at once. Each costs some 10 KiB. */
const maxConnections = 16_384;

/** The HTTP/1.1 front. Its parser is Node's strict one, whatever the command line says. */
export type Front = Server<typeof EndpointRequest, typeof EndpointResponse> | SecureFront;
export type SecureFront = SecureServer<typeof EndpointRequest, typeof EndpointResponse>;

const options = {
  IncomingMessage: EndpointRequest,
  ServerResponse: EndpointResponse,
  insecureHTTPParser: false,
  maxHeaderSize: maxHeaderBytes,
  headersTimeout: headersTimeoutMs,
  requestTimeout: 0,
  keepAliveTimeout: keepAliveTimeoutMs,
  connectionsCheckingInterval: connectionsCheckingIntervalMs,
  // A request without Host is refused by the endpoint, with an id and a body like any other.
  requireHostHeader: false,
};

/** A front that speaks plain HTTP. */
export function createFront(endpoint: Endpoint, nextId: () => string): Front {
  return prepare(createServer(options), endpoint, nextId);
}

/** A front that speaks HTTPS (HTTP/1.1 over TLS 1.2 or newer). `setSecureContext` replaces its certificate. */
export function createSecureFront(endpoint: Endpoint, nextId: () => string, { cert, key }: CertificatePair): SecureFront {
  // As an `import` it would be loaded by every gateway.
  const https = process.getBuiltinModule('node:https');
  const server = https.createServer({ ...options, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: headersTimeoutMs });
  return prepare(server, endpoint, nextId);
}

function prepare<F extends Front>(server: F, endpoint: Endpoint, nextId: () => string): F {
  server.on('request', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'none'));
  server.maxHeadersCount = maxHeadersCount;
  server.maxConnections = maxConnections;
  server.on('checkContinue', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'continue'));
  server.on('checkExpectation', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'unknown'));
  server.on('connect', (_: EndpointRequest, socket: EndpointSocket) => answerByHand(socket, connectRefused, nextId(), ['allow: ']));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: EndpointSocket) => endUnreadable(error, socket, endpoint, nextId));
  return server;
}

/** The parser cannot go on. Whatever was asked before on this connection is answered first. */
function endUnreadable(error: NodeJS.ErrnoException, socket: EndpointSocket, endpoint: Endpoint, nextId: () => string): void {
  const { newest } = socket;
  const refusal = unreadableRefusal(error, headersTimeoutMs, maxHeaderBytes);
  const isEnding = socket.writableEnded || newest?.shouldKeepAlive === false;
  if (refusal === undefined || !socket.writable || isEnding) {
    // Each further piece of what cannot be read comes here again, while the last answer is on its way.
    if (!isEnding) socket.destroy();
    else if (socket.readableEnded) socket.destroySoon();
  } else if (newest === undefined || newest.writableFinished) answerByHand(socket, refusal, nextId());
  else if (!newest.req.complete) endpoint.bodyUnreadable(newest, refusal);
  else {
    // Its answer is this connection's last word: where the next request would begin, nobody knows.
    newest.shouldKeepAlive = false;
    newest.once('finish', () => socket.destroySoon());
  }
}
