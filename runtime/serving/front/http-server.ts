import { createServer, type Server, type ServerOptions } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { type AccessLog, loggedClasses } from './access-log.ts';
import type { Endpoint } from './endpoint.ts';
import { EndpointRequest, EndpointResponse, type EndpointSocket } from './exchange.ts';
import { type FrontLimits, frontLimits } from './front-limits.ts';
import { connectRefused, plainHttpRefused } from './refusals.ts';
import type { CertificatePair } from './tls/certificate-pair.ts';
import { tellFromPlainHttp } from './tls/first-byte.ts';
import { answerByHand, unreadableRefusal } from './unreadable.ts';

/** Without a limit: Node would silently pass over the headers beyond one, while its parser obeys them. Their bytes are limited. */
const maxHeadersCount = 0;

/** The HTTP/1.1 front. Its parser is Node's strict one, whatever the command line says. */
export type Front = Server<typeof EndpointRequest, typeof EndpointResponse> | SecureFront;
export type SecureFront = SecureServer<typeof EndpointRequest, typeof EndpointResponse>;

/** What a front is made of. */
export interface FrontParts {
  endpoint: Endpoint;
  nextId: () => string;
  /** Notes every request; absent: none is noted. */
  accessLog?: AccessLog | undefined;
  limits?: FrontLimits;
}

/** A front that speaks plain HTTP. */
export function createFront(parts: FrontParts): Front {
  return prepare(createServer(optionsOf(parts)), parts);
}

/** A front that speaks HTTPS (HTTP/1.1 over TLS 1.2 or newer). `setSecureContext` replaces its certificate. */
export function createSecureFront(parts: FrontParts, { cert, key }: CertificatePair): SecureFront {
  const { headersTimeoutMs: handshakeTimeout } = parts.limits ?? frontLimits;
  // As an `import` it would be loaded by every gateway.
  const https = process.getBuiltinModule('node:https');
  const server = https.createServer({ ...optionsOf(parts), cert, key, minVersion: 'TLSv1.2', handshakeTimeout });
  // Node's own knows only those who have shaken hands, and the server would wait for the others.
  server.closeAllConnections = tellFromPlainHttp(server, handshakeTimeout, (socket) => {
    answerByHand({ socket, refusal: plainHttpRefused, id: parts.nextId(), accessLog: parts.accessLog });
    socket.resume();
  });
  return prepare(server, parts);
}

function optionsOf({ accessLog, limits = frontLimits }: FrontParts): ServerOptions<typeof EndpointRequest, typeof EndpointResponse> {
  return {
    IncomingMessage: EndpointRequest,
    ServerResponse: EndpointResponse,
    ...(accessLog && loggedClasses(accessLog)),
    insecureHTTPParser: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.lookMs,
    // A request without Host is refused by the endpoint, with an id and a body like any other.
    requireHostHeader: false,
  };
}

function prepare<F extends Front>(server: F, parts: FrontParts): F {
  const { endpoint, nextId, accessLog, limits = frontLimits } = parts;
  server.maxHeadersCount = maxHeadersCount;
  server.maxConnections = limits.maxConnections;
  server.on('request', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'none'));
  server.on('checkContinue', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'continue'));
  server.on('checkExpectation', (request: EndpointRequest, response: EndpointResponse) => endpoint.handle(request, response, 'unknown'));
  server.on('connect', (_: EndpointRequest, socket: EndpointSocket) =>
    answerByHand({ socket, refusal: connectRefused, id: nextId(), extra: ['allow: '], accessLog }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: EndpointSocket) => endUnreadable(error, socket, parts));
  return server;
}

/** The parser cannot go on. Whatever was asked before on this connection is answered first. */
function endUnreadable(error: NodeJS.ErrnoException, socket: EndpointSocket, parts: FrontParts): void {
  const { endpoint, nextId, accessLog, limits = frontLimits } = parts;
  const { newest } = socket;
  const refusal = unreadableRefusal(error, limits);
  const isEnding = socket.writableEnded || newest?.shouldKeepAlive === false;
  if (refusal === undefined || !socket.writable || isEnding) {
    // Each further piece of what cannot be read comes here again, while the last answer is on its way.
    if (!isEnding) socket.destroy();
    else if (socket.readableEnded) socket.destroySoon();
  } else if (newest === undefined || newest.writableFinished) answerByHand({ socket, refusal, id: nextId(), accessLog });
  else if (!newest.req.complete) endpoint.bodyUnreadable(newest, refusal);
  else {
    // Its answer is this connection's last word: where the next request would begin, nobody knows.
    newest.shouldKeepAlive = false;
    newest.once('finish', () => socket.destroySoon());
  }
}
