import { endpointCodes } from '../../api/endpoint.ts';
import { causeOf, type Refusal } from '../requests/caller.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { keptBodyBytes } from '../requests/upload.ts';
import { AmbiguityCheck } from './ambiguity.ts';
import { type BodyListeners, bodyListeners } from './body-listeners.ts';
import { bodyDeadline } from './body-pace.ts';
import { allowedOrigin, corsHeaders, preflightHeaders } from './cors.ts';
import { answerError, answerErrorAndClose, answerErrorUnread } from './error-answer.ts';
import type { EndpointRequest, EndpointResponse, EndpointSocket } from './exchange.ts';
import { HeaderScan } from './header-scan.ts';
import { HttpCaller } from './http-caller.ts';
import {
  type HttpRefusal,
  methodNotAllowed,
  timeoutProblem,
  tooLarge,
  tooManyInFlight,
  unknownExpectation,
  unknownPath,
} from './refusals.ts';
import { isSaneRequestId } from './request-id.ts';
import { resolveTarget } from './request-target.ts';
import type { Route, RouteTable, Verb } from './route-table.ts';
import { discardableBytes, discardOrCut } from './unread-body.ts';

/** What a request's `Expect` asks for: nothing, a sign to send the body, or something that nobody knows. */
export type Expectation = 'none' | 'continue' | 'unknown';

/** What `Allow` says. */
const allowedMethods: Record<Verb, string> = {
  predict: 'POST, OPTIONS',
  health: 'GET, HEAD, POST, OPTIONS',
  ready: 'GET, HEAD, POST, OPTIONS',
};

/** What `OPTIONS *` asks for: the methods that any path knows. */
const anyMethod = 'GET, HEAD, POST, OPTIONS';

const healthyBody = '{"status":"ok"}';

/**
 * What happens to a request from its headers to the moment its body is complete and its model server takes it. Bodies
 * are collected as they come, never looked into. One slot a request, and no closure: listeners are shared.
 */
export class Endpoint {
  readonly caller: HttpCaller = new HttpCaller();
  readonly #routes: RouteTable;
  readonly #inFlight: InFlight;
  readonly #nextId: () => string;
  readonly #listeners: BodyListeners;
  readonly #scan: HeaderScan = new HeaderScan();
  readonly #ambiguity: AmbiguityCheck = new AmbiguityCheck();

  constructor(routes: RouteTable, inFlight: InFlight, nextId: () => string) {
    this.#routes = routes;
    this.#inFlight = inFlight;
    this.#nextId = nextId;
    this.#listeners = bodyListeners(inFlight);
  }

  /** A request's headers have come. `expects`: what its `Expect` asks for (RFC 9110 §10.1.1). */
  handle(request: EndpointRequest, response: EndpointResponse, expects: Expectation): void {
    const socket = request.socket as EndpointSocket;
    // After an answer that ends its connection nothing that comes on it is obeyed any more (RFC 9112 §9.6).
    if (socket.newest?.shouldKeepAlive === false) return;
    socket.newest = response;
    const scan = this.#scan;
    scan.read(request.rawHeaders);
    const id = scan.requestId !== undefined && isSaneRequestId(scan.requestId) ? scan.requestId : this.#nextId();
    if (this.caller.closing) response.shouldKeepAlive = false;
    const target = request.url ?? '/';
    const problem =
      this.#ambiguity.problem(scan, request.httpVersion) ?? (target.startsWith('/') ? undefined : readTarget(request, scan.host));
    if (problem || expects === 'unknown') {
      answerErrorAndClose(response, problem ?? unknownExpectation, id);
      return;
    }
    const route = this.#routes.find(request.url ?? '/');
    if (route) this.#take(route, request, response, id, expects);
    else if (target === '*' && request.method === 'OPTIONS') answerOptions(response, id, anyMethod, []);
    else this.#refuse(response, unknownPath(target), id, expects);
  }

  /** Everything that can be said before the body comes is said; else a slot takes the request, and its body. */
  #take({ server, verb }: Route, request: EndpointRequest, response: EndpointResponse, id: string, expects: Expectation): void {
    const { settings } = server;
    const scan = this.#scan;
    const origins = settings?.['cors-origins'];
    const origin = origins === undefined || origins.length === 0 ? null : allowedOrigin(origins, scan.origin);
    if (request.method !== 'POST' && (verb === 'predict' || (request.method !== 'GET' && request.method !== 'HEAD'))) {
      const allowed = allowedMethods[verb];
      if (request.method === 'OPTIONS') answerOptions(response, id, allowed, preflight(request, allowed, origin));
      else
        this.#refuse(response, methodNotAllowed(request.method ?? '', allowed), id, expects, ['allow', allowed, ...originHeaders(origin)]);
      return;
    }
    const answersItself = verb !== 'predict' && server.workerToAsk === undefined;
    const largest = settings?.['max-request-size'] ?? 0;
    // What asks for health goes to the worker in one frame.
    const limit = verb === 'predict' ? largest : Math.min(largest, keptBodyBytes);
    const refusal =
      timeoutProblem(scan.timeout) ??
      (verb === 'predict' ? server.flow.refusal() : undefined) ??
      (answersItself ? server.healthRefusal() : undefined) ??
      (scan.contentLength > limit && !answersItself ? tooLarge(limit) : undefined);
    if (refusal) {
      if (verb === 'predict') server.traffic.refused(id, endpointCodes[refusal.code], causeOf(refusal), this.#inFlight.clock.now());
      this.#refuse(response, refusal, id, expects, originHeaders(origin));
      return;
    }
    if (answersItself) {
      answerHealthy(response, id, origin);
      if (scan.hasBody) discardOrCut(request);
      return;
    }
    const slot = this.#inFlight.slots.acquire();
    if (!slot) {
      if (verb === 'predict') server.traffic.refused(id, 429, 'gateway-full', this.#inFlight.clock.now());
      this.#refuse(response, tooManyInFlight, id, expects, originHeaders(origin));
      return;
    }

    if (expects === 'continue') response.writeContinue();
    const now = this.#inFlight.clock.now();
    slot.state = slotState.receiving;
    slot.kind = verb === 'predict' ? 0 : 1;
    slot.requestId = id;
    slot.caller = this.caller;
    slot.request = request;
    slot.response = response;
    slot.server = server;
    slot.corsOrigin = origin;
    slot.receivedAt = now;
    slot.declaredSize = scan.contentLength;
    slot.bodyLimit = limit;
    // Only predictions have stages.
    slot.wantsTiming = scan.wantsTiming && verb === 'predict';
    if (verb === 'predict') server.traffic.inFlight++;
    if (scan.timeout !== undefined) slot.deadline = now + Number(scan.timeout) * 1000;
    this.#inFlight.wheel.arm(slot, Math.min(slot.deadline, bodyDeadline(now, 0)));
    request.slot = slot;
    response.slot = slot;
    request.on('data', this.#listeners.onData);
    request.on('end', this.#listeners.onEnd);
    response.on('close', this.#listeners.onClose);
  }

  /** Answers a request whose body, if it has one, nobody has asked for: the connection stays if that is cheap. */
  #refuse(response: EndpointResponse, refusal: HttpRefusal, id: string, expects: Expectation, extra?: readonly string[]): void {
    const { hasBody, contentLength } = this.#scan;
    if (!hasBody) answerError(response, refusal, id, extra);
    else if (expects === 'none' && contentLength <= discardableBytes) answerErrorUnread(response, refusal, id, extra);
    else answerErrorAndClose(response, refusal, id, extra);
  }

  /** What should be the body of a request that is under way cannot be read. */
  bodyUnreadable(response: EndpointResponse, refusal: HttpRefusal): void {
    const { slot } = response;
    const isComing = slot?.response === response && (slot.state === slotState.receiving || slot.upload?.isComing);
    if (isComing && !response.headersSent) {
      answerErrorAndClose(response, refusal, slot.requestId);
      slot.server?.flow.abandon(slot, refusal.status ?? endpointCodes[refusal.code], 'bad-request');
    } else if (response.shouldKeepAlive) response.destroy();
  }

  /** The wheel's word for a slot whose body is still on its way: its client is too slow, or may go on for a while. */
  expiredWhileReceiving(slot: Slot): void {
    const now = this.#inFlight.clock.now();
    const paceDue = bodyDeadline(slot.receivedAt, slot.bodySize, slot.upload?.heldMs);
    const heldDue = slot.upload ? slot.upload.heldSince + slot.upload.timeoutMs : Number.POSITIVE_INFINITY;
    const due = Math.min(slot.deadline, paceDue, heldDue);
    if (now < due) {
      this.#inFlight.wheel.arm(slot, due);
      return;
    }
    const isTooSlow = Math.min(slot.deadline, heldDue) > now;
    const refusal: Refusal = isTooSlow
      ? {
          code: 'request-timeout',
          message: `only ${slot.bodySize} bytes of the body came in ${Math.round((now - slot.receivedAt) / 1000)} s`,
        }
      : {
          code: 'deadline',
          message:
            slot.deadline <= now
              ? "the request's time was over before its body had come"
              : 'the predictor did not take the rest of the body in time',
        };
    if (slot.response) answerErrorAndClose(slot.response, refusal, slot.requestId, originHeaders(slot.corsOrigin));
    slot.server?.flow.abandon(slot, endpointCodes[refusal.code], isTooSlow ? 'request-timeout' : 'deadline-receiving');
  }
}

/** Puts the path in the place of a target that is a whole URL; returns why it cannot. */
function readTarget(request: EndpointRequest, host: string | undefined): HttpRefusal | undefined {
  if (request.url === '*') return undefined;
  const resolved = resolveTarget(request.url ?? '/', host);
  if ('refusal' in resolved) return resolved.refusal;
  request.url = resolved.path;
  return undefined;
}

function originHeaders(origin: string | null): string[] {
  return origin === null ? [] : corsHeaders(origin);
}

/** The default `health`: what the gateway knows of the pods. */
function answerHealthy(response: EndpointResponse, id: string, origin: string | null): void {
  const headers = ['content-type', 'application/json', 'content-length', String(healthyBody.length), 'x-request-id', id];
  response.writeHead(200, [...headers, ...originHeaders(origin)]);
  response.end(healthyBody);
}

function answerOptions(response: EndpointResponse, id: string, allowed: string, extra: readonly string[]): void {
  response.writeHead(204, ['allow', allowed, 'x-request-id', id, ...extra]);
  response.end();
}

function preflight({ headers }: EndpointRequest, allowed: string, origin: string | null): string[] {
  return origin === null ? [] : [...corsHeaders(origin), ...preflightHeaders(allowed, headers['access-control-request-headers'])];
}
