import type { ServerResponse } from 'node:http';
import type { Caller, Refusal } from '../requests/caller.ts';
import { type Slot, slotState } from '../requests/slot.ts';
import { freeFrame } from '../wire/frame-reader.ts';
import { bodyKind, type RequestHead } from '../wire/frames.ts';
import { corsHeaders } from './cors.ts';
import { answerError, answerErrorAndClose } from './error-answer.ts';
import { senderOf } from './forwarded.ts';
import { originForm } from './route-table.ts';
import { serverTiming } from './server-timing.ts';
import { discardRest } from './unread-body.ts';

/** Answers up to this size go out as one string with their headers, in one write; larger ones as they are. */
const smallBytes = 8 * 1024;

/** How long a client may take nothing of an answer that is broken off. */
const breakOffMs = 2000;

const contentTypes: readonly string[] = ['application/json', 'text/plain; charset=utf-8', 'application/octet-stream'];

/** Headers that belong to one connection (RFC 9110 §7.6.1), to the framing, or to us. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'x-request-id',
]);

/** The client at the other end of an HTTP connection. */
export class HttpCaller implements Caller {
  scheme: 'http' | 'https' = 'http';
  /** The address that the endpoint listens at. */
  address: [string, number] = ['127.0.0.1', 0];
  /** The gateway ends: each answer is the last of its connection. */
  closing = false;

  answer(slot: Slot, status: number, kind: number, head: Uint8Array | null, body: Buffer): number {
    const { response } = slot;
    if (!response) return status;
    let headers: string[];
    if (kind === bodyKind.head) {
      const own = this.#ownHeaders(slot, status, head);
      if (typeof own === 'string') return this.#badResult(slot, own);
      headers = own;
      if (status !== 204 && status !== 304 && !saysLength(headers)) headers.push('content-length', String(body.length));
    } else {
      const type = contentTypes[kind] as string;
      headers = ['content-type', type, 'content-length', String(body.length), 'x-request-id', slot.requestId];
      if (slot.corsOrigin !== null) headers.push(...corsHeaders(slot.corsOrigin));
    }
    if (slot.wantsTiming) headers.push('server-timing', serverTiming(slot));
    const isEarly = slot.upload?.isComing === true;
    if (this.closing || isEarly) response.shouldKeepAlive = false;
    try {
      response.writeHead(status, headers);
    } catch (error) {
      return this.#badResult(slot, `the response cannot be sent: ${(error as Error).message}`);
    }
    if (isEarly) {
      response.write(body);
      discardRest(response.req, () => response.end());
    } else if (body.length <= smallBytes) response.end(body.toString('latin1'), 'latin1');
    else response.end(body);
    return status;
  }

  begin(slot: Slot, status: number, kind: number, head: Uint8Array | null, body: Buffer): number {
    const { response } = slot;
    if (!response) return status;
    const headers =
      kind === bodyKind.head
        ? this.#ownHeaders(slot, status, head)
        : ['content-type', contentTypes[kind] as string, 'x-request-id', slot.requestId];
    if (this.closing || slot.upload?.isComing) response.shouldKeepAlive = false;
    try {
      if (typeof headers === 'string') throw new Error(headers);
      if (slot.wantsTiming) headers.push('server-timing', serverTiming(slot));
      response.writeHead(status, headers);
    } catch (error) {
      const sent = this.#badResult(slot, `the response cannot be sent: ${(error as Error).message}`);
      // Pieces that are on their way have nobody to go to.
      slot.response = null;
      slot.worker?.cancel(slot);
      return sent;
    }
    // A length that the predictor promised is kept, or the answer is broken off: else what is too much would be taken for
    // the next answer of this connection.
    response.strictContentLength = true;
    response.flushHeaders();
    const { id } = slot;
    response.on('drain', () => {
      if (slot.id === id && slot.state === slotState.streaming) this.#grant(slot);
    });
    if (body.length > 0) this.chunk(slot, body);
    return status;
  }

  chunk(slot: Slot, bytes: Buffer): void {
    slot.uncredited += bytes.length;
    if (write(slot.response, bytes)) this.#grant(slot);
  }

  end(slot: Slot, broken: boolean): void {
    const { response } = slot;
    if (broken) breakOff(response);
    else if (response && slot.upload?.isComing) discardRest(response.req, () => end(response) || breakOff(response));
    else if (!end(response)) breakOff(response);
  }

  refuse(slot: Slot, refusal: Refusal): void {
    const { response } = slot;
    if (!response) return;
    if (this.closing) response.shouldKeepAlive = false;
    const debug = slot.server?.settings?.debug === true;
    const { traceback, ...told } = refusal;
    const shown = debug && traceback !== undefined ? { ...told, traceback } : told;
    const headers = slot.corsOrigin === null ? [] : corsHeaders(slot.corsOrigin);
    if (slot.wantsTiming) headers.push('server-timing', serverTiming(slot));
    const tell = slot.upload?.isComing ? answerErrorAndClose : answerError;
    tell(response, shown, slot.requestId, headers);
  }

  head(slot: Slot): RequestHead {
    const { request } = slot;
    const url = originForm(request?.url ?? '/');
    const mark = url.indexOf('?');
    const raw = request?.rawHeaders ?? [];
    const headers: [string, string][] = [];
    for (let at = 0; at < raw.length; at += 2) headers.push([(raw[at] as string).toLowerCase(), raw[at + 1] as string]);
    const socket = request?.socket;
    const address = socket?.remoteAddress;
    const { client, scheme } = senderOf(headers, {
      client: address === undefined ? null : [address, socket?.remotePort ?? 0],
      scheme: this.scheme,
    });
    return {
      method: request?.method ?? 'POST',
      scheme,
      httpVersion: request?.httpVersion ?? '1.1',
      rawPath: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? '' : url.slice(mark + 1),
      headers,
      client,
      server: this.address,
    };
  }

  /** The headers of a `Response` that the predictor made, or what is wrong with it. */
  #ownHeaders(slot: Slot, status: number, head: Uint8Array | null): string[] | string {
    if (status < 200 || status > 599) return `the response has the status ${status}`;
    const pairs = JSON.parse(Buffer.from(head ?? []).toString() || '[]') as [string, string][];
    // The length that stands in the answer to HEAD is that of a body which is not there.
    const keepsLength = slot.state === slotState.streaming || slot.request?.method === 'HEAD';
    const headers = ['x-request-id', slot.requestId];
    let lengths = 0;
    for (const [name, value] of pairs) {
      const lower = name.toLowerCase();
      if (lower === 'content-length') {
        if (!keepsLength) continue;
        if (++lengths > 1 || !/^[0-9]+$/.test(value)) return `the response has the content-length ${JSON.stringify(value)}`;
      }
      if (lower === 'connection' && value.toLowerCase() === 'close' && slot.response) slot.response.shouldKeepAlive = false;
      if (!ownHeaders.has(lower)) headers.push(name, value);
    }
    if (slot.corsOrigin !== null) headers.push(...corsHeaders(slot.corsOrigin));
    return headers;
  }

  #badResult(slot: Slot, message: string): number {
    this.refuse(slot, { code: 'bad-result', message });
    return 500;
  }

  #grant(slot: Slot): void {
    if (slot.uncredited === 0) return;
    slot.worker?.credit(slot, slot.uncredited);
    slot.uncredited = 0;
  }
}

function saysLength(headers: readonly string[]): boolean {
  return headers.some((header, at) => at % 2 === 0 && header.toLowerCase() === 'content-length');
}

/**
 * Whether more may follow at once. What is more than was promised breaks the answer off, which its client's absence then ends.
 * The bytes are a frame's: once the socket has them, nobody does.
 */
function write(response: ServerResponse | null, bytes: Buffer): boolean {
  try {
    return response?.write(bytes, () => freeFrame(bytes)) !== false;
  } catch {
    response?.destroy();
    return false;
  }
}

/**
 * Ends an answer whose rest will not come. What there is of it goes out; without the last chunk, or with too few bytes, the
 * client sees that something is missing. One that does not read is not waited for.
 */
function breakOff(response: ServerResponse | null): void {
  const socket = response?.socket;
  socket?.setTimeout(breakOffMs, () => socket.destroy());
  socket?.destroySoon();
}

/** Ends an answer; false when it is shorter than was promised. */
function end(response: ServerResponse | null): boolean {
  try {
    response?.end();
    return true;
  } catch {
    return false;
  }
}
