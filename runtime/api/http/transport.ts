import type { Agent, ClientRequest, IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { SpellError } from '../errors.ts';

/** One HTTP request, before it is sent. */
export interface Outgoing {
  method: string;
  /** Below the API's address, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: string | Readable;
  signal?: AbortSignal | undefined;
}

/** Sends requests to one address over kept connections. */
export interface Transport {
  /** Resolves with the answer's head; the caller reads the rest. Rejects with `unreachable` when there is no answer. */
  send(outgoing: Outgoing): Promise<IncomingMessage>;
  close(): void;
}

type Sender = { request: typeof request; agent: Agent };

/** A transport to an `http:` or `https:` address. */
export function createTransport(url: string): Transport {
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const sender = makeSender(base.protocol === 'https:');
  return {
    send(outgoing) {
      const open = (): ClientRequest =>
        sender.request(new URL(`${prefix}${outgoing.path}`, base), {
          agent: sender.agent,
          method: outgoing.method,
          headers: outgoing.headers,
          ...(outgoing.signal ? { signal: outgoing.signal } : {}),
        });
      return sendOnce(open, outgoing).catch((error: unknown) => {
        if (isStale(error) && outgoing.method === 'GET')
          return sendOnce(open, outgoing).catch((again) => fail(url, again, outgoing.signal));
        return fail(url, error, outgoing.signal);
      });
    },
    close() {
      sender.agent.destroy();
    },
  };
}

/**
 * Not imported, since an `import` of `node:http` reads each of its exports, and one of them loads a whole second client
 * (`http.WebSocket`): 40 ms at the start of every command.
 */
function makeSender(secure: boolean): Sender {
  const { request, Agent } = process.getBuiltinModule(secure ? 'node:https' : 'node:http');
  return { request, agent: new Agent({ keepAlive: true, maxSockets: 16 }) };
}

/** The error of a kept connection that the other side had ended before our request reached it. */
interface StaleError extends Error {
  stale?: boolean;
}

function isStale(error: unknown): boolean {
  return (error as StaleError).stale === true;
}

function sendOnce(open: () => ClientRequest, { body }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = open();
    request.once('response', resolve);
    // After the response the error is the answer's, and its reader meets it there.
    request.on('error', (error: StaleError & NodeJS.ErrnoException) => {
      error.stale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(error);
    });
    if (body === undefined || typeof body === 'string') {
      request.end(body);
      return;
    }
    body.on('error', (error) => {
      request.destroy();
      reject(error);
    });
    body.pipe(request);
    // An answer that comes before everything was sent is a refusal: the rest is not wanted.
    request.once('response', () => body.unpipe(request));
  });
}

function fail(url: string, error: unknown, signal: AbortSignal | undefined): never {
  if (signal?.aborted || error instanceof SpellError) throw error;
  throw unreachable(url, error);
}

/** What a broken or refused connection is told as. */
export function unreachable(url: string, cause: unknown): SpellError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : ((message || code) ?? 'the connection broke');
  return new SpellError(
    'unreachable',
    `the control plane at ${url} does not answer: ${why}`,
    '`spell status` tells whether it runs, `spell up` starts it',
    { cause },
  );
}
