import type { Refusal } from '../requests/caller.ts';
import type { InFlight } from '../requests/in-flight.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { type BodyListeners, bodyListeners } from './body-listeners.ts';
import { bodyDeadline } from './body-pace.ts';
import { allowedOrigin, corsHeaders, preflightHeaders } from './cors.ts';
import { answerError, answerErrorAndClose } from './error-answer.ts';
import type { EndpointRequest, EndpointResponse } from './exchange.ts';
import { HeaderScan } from './header-scan.ts';
import { HttpCaller } from './http-caller.ts';
import { hostMissing, methodNotAllowed, timeoutProblem, tooLarge, tooManyInFlight, unknownPath } from './refusals.ts';
import { isSaneRequestId } from './request-id.ts';
import type { Route, RouteTable, Verb } from './route-table.ts';

/** What `Allow` says. */
const allowedMethods: Record<Verb, string> = {
  predict: 'POST, OPTIONS',
  health: 'GET, HEAD, POST, OPTIONS',
  ready: 'GET, HEAD, POST, OPTIONS',
};

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

  constructor(routes: RouteTable, inFlight: InFlight, nextId: () => string) {
    this.#routes = routes;
    this.#inFlight = inFlight;
    this.#nextId = nextId;
    this.#listeners = bodyListeners(inFlight);
  }

  /** A request's headers have come. `expectsContinue`: it waits for a sign before it sends its body (RFC 9110 §10.1.1). */
  handle(request: EndpointRequest, response: EndpointResponse, expectsContinue: boolean): void {
    const scan = this.#scan;
    scan.read(request.rawHeaders);
    const id = scan.requestId !== undefined && isSaneRequestId(scan.requestId) ? scan.requestId : this.#nextId();
    if (this.caller.closing) response.shouldKeepAlive = false;
    if (!scan.hasHost && request.httpVersion === '1.1') {
      answerError(response, hostMissing, id);
      return;
    }
    const route = this.#routes.find(request.url ?? '/');
    if (!route) {
      answerError(response, unknownPath(request.url ?? '/'), id);
      return;
    }

    const { server, verb } = route;
    const { settings } = server;
    const origins = settings?.['cors-origins'];
    const origin = origins === undefined || origins.length === 0 ? null : allowedOrigin(origins, scan.origin);
    if (request.method !== 'POST' && (verb === 'predict' || (request.method !== 'GET' && request.method !== 'HEAD'))) {
      answerOtherMethod(request, response, verb, id, origin);
      return;
    }
    const refusal = timeoutProblem(scan.timeout) ?? (verb === 'predict' ? server.flow.refusal() : undefined);
    if (refusal) {
      answerError(response, refusal, id, originHeaders(origin));
      return;
    }
    if (verb !== 'predict' && server.workerToAsk === undefined) {
      answerHealth(route, response, id, origin);
      return;
    }
    const limit = settings?.['max-request-size'] ?? 0;
    if (scan.contentLength > limit) {
      answerErrorAndClose(response, tooLarge(limit), id);
      return;
    }
    const slot = this.#inFlight.slots.acquire();
    if (!slot) {
      answerError(response, tooManyInFlight, id, originHeaders(origin));
      return;
    }

    if (expectsContinue) response.writeContinue();
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
    if (scan.timeout !== undefined) slot.deadline = now + Number(scan.timeout) * 1000;
    this.#inFlight.wheel.arm(slot, Math.min(slot.deadline, bodyDeadline(now, 0)));
    request.slot = slot;
    response.slot = slot;
    request.on('data', this.#listeners.onData);
    request.on('end', this.#listeners.onEnd);
    response.on('close', this.#listeners.onClose);
  }

  /** The wheel's word for a slot whose body is still on its way: its client is too slow, or may go on for a while. */
  expiredWhileReceiving(slot: Slot): void {
    const now = this.#inFlight.clock.now();
    const due = Math.min(slot.deadline, bodyDeadline(slot.receivedAt, slot.bodySize));
    if (now < due) {
      this.#inFlight.wheel.arm(slot, due);
      return;
    }
    const refusal: Refusal =
      slot.deadline <= now
        ? { code: 'deadline', message: "the request's time was over before its body had come" }
        : {
            code: 'request-timeout',
            message: `only ${slot.bodySize} bytes of the body came in ${Math.round((now - slot.receivedAt) / 1000)} s`,
          };
    if (slot.response) answerErrorAndClose(slot.response, refusal, slot.requestId);
    this.#inFlight.finish(slot, refusal.code === 'deadline' ? 504 : 408, null);
  }
}

function originHeaders(origin: string | null): string[] {
  return origin === null ? [] : corsHeaders(origin);
}

/** The default `health`: what the gateway knows of the pods. */
function answerHealth({ server }: Route, response: EndpointResponse, id: string, origin: string | null): void {
  const refusal = server.healthRefusal();
  if (refusal) {
    answerError(response, refusal, id, originHeaders(origin));
    return;
  }
  const headers = ['content-type', 'application/json', 'content-length', String(healthyBody.length), 'x-request-id', id];
  response.writeHead(200, [...headers, ...originHeaders(origin)]);
  response.end(healthyBody);
}

function answerOtherMethod(request: EndpointRequest, response: EndpointResponse, verb: Verb, id: string, origin: string | null): void {
  const allowed = allowedMethods[verb];
  if (request.method !== 'OPTIONS') {
    answerError(response, methodNotAllowed(request.method ?? '', allowed), id, ['allow', allowed, ...originHeaders(origin)]);
    return;
  }
  const requested = request.headers['access-control-request-headers'];
  const preflight = origin === null ? [] : [...corsHeaders(origin), ...preflightHeaders(allowed, requested)];
  response.writeHead(204, ['allow', allowed, 'x-request-id', id, ...preflight]);
  response.end();
}
