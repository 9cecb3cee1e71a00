import type { IncomingMessage, RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ConnectionOptions } from 'node:tls';
import { SpellError } from '../errors.ts';

/** One request to an endpoint. */
export interface EndpointRequest {
  url: string;
  method: 'GET' | 'POST';
  /** Sent as JSON, as it is. */
  body?: Buffer | undefined;
  /** Beside the content type and length. */
  headers?: Record<string, string>;
  /** Which certificates are good. */
  trust?: ConnectionOptions;
  /** Ends it, also in the middle of an answer: the endpoint then sees a client that hung up. */
  signal?: AbortSignal | undefined;
  /** How long its answer may take to begin, in milliseconds; without, as long as the endpoint takes: it has its own deadline. */
  beginsWithinMs?: number;
}

/** What an endpoint answered, whichever status. */
export interface EndpointAnswer {
  status: number;
  /** By their names in lower case; values of one name are joined by `, `. */
  headers: Record<string, string>;
  /** Empty where it did not say. */
  contentType: string;
  /** The one in `x-request-id`; null where something else than a gateway answered. */
  requestId: string | null;
  /** From the first byte sent to the last one received. */
  ms: number;
  body: Buffer;
}

/**
 * Sends one request to an endpoint and reads the whole answer, an error as well as a success. Throws `unreachable` when
 * nothing answers, or not in time, and the signal's reason when that ended it.
 */
export async function exchange(request: EndpointRequest): Promise<EndpointAnswer> {
  const { url, signal } = request;
  const begun = performance.now();
  try {
    const answer = await send(request);
    const body = await buffer(answer);
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
    return {
      status: answer.statusCode ?? 0,
      headers,
      contentType: headers['content-type'] ?? '',
      requestId: headers['x-request-id'] ?? null,
      ms: performance.now() - begun,
      body,
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SpellError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw unreachable(`the endpoint ${url} does not answer: ${message || code}`, error);
  }
}

async function send({ url, method, body, headers, trust, signal, beginsWithinMs }: EndpointRequest): Promise<IncomingMessage> {
  // As in `api/http/transport.ts`: an `import` would load far more than is needed.
  const { request } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  const content = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const options: RequestOptions = { ...trust, method, headers: { ...content, ...headers }, ...(signal ? { signal } : {}) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, options, resolve).on('error', reject);
  const late = (): void =>
    void sent.destroy(unreachable(`the endpoint ${url} did not begin to answer within ${(beginsWithinMs ?? 0) / 1000} s`));
  const timer = beginsWithinMs === undefined ? undefined : setTimeout(late, beginsWithinMs);
  sent.end(body);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(message: string, cause?: unknown): SpellError {
  return new SpellError('unreachable', message, '`spell status` tells whether the gateway runs', { cause });
}
