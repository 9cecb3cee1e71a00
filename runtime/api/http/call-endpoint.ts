import type { IncomingMessage, RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ConnectionOptions } from 'node:tls';
import { type EndpointCode, endpointCodes } from '../endpoint.ts';
import { EndpointRefusal } from '../endpoint-refusal.ts';
import { SpellError } from '../errors.ts';

/** What an endpoint answered with success. */
export interface EndpointAnswer {
  contentType: string;
  body: Buffer;
}

/**
 * Sends one request to an endpoint and reads the answer; as long as the endpoint takes, since it has its own deadline.
 * `trust` says which certificates are good. Throws `EndpointRefusal` for an answer that is an error, `unreachable` for none.
 */
export async function callEndpoint(
  url: string,
  method: 'GET' | 'POST',
  body?: Buffer,
  trust: ConnectionOptions = {},
): Promise<EndpointAnswer> {
  const answer = await send(url, method, body, trust).catch((error: NodeJS.ErrnoException) => {
    throw new SpellError(
      'unreachable',
      `the endpoint ${url} does not answer: ${error.message || error.code}`,
      '`spell status` tells whether the gateway runs',
      {
        cause: error,
      },
    );
  });
  const received = { contentType: answer.headers['content-type'] ?? '', body: await buffer(answer) };
  const status = answer.statusCode ?? 0;
  if (status >= 400) throw toRefusal(status, String(answer.headers['x-request-id'] ?? ''), received, url);
  return received;
}

async function send(url: string, method: string, body: Buffer | undefined, trust: ConnectionOptions): Promise<IncomingMessage> {
  // As in `api/http/transport.ts`: an `import` would load far more than is needed.
  const { request } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const options: RequestOptions = { ...trust, method, headers };
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });
}

/** The gateway's own error, else whatever the predictor answered with that status. */
function toRefusal(status: number, requestId: string, { body }: EndpointAnswer, url: string): EndpointRefusal {
  const said = parseError(body.toString());
  const code = said?.code ?? (status >= 500 ? 'predictor-error' : 'bad-request');
  const message = said?.message ?? (body.toString().trim() || 'no reason was given');
  const name = new URL(url).pathname.split('/').at(-2) ?? 'NAME';
  const which = requestId === '' ? '' : ` (request ${requestId})`;
  return new EndpointRefusal(
    code,
    `the endpoint answered ${status} ${code}: ${message}`,
    `what was printed meanwhile: spell server logs ${name}${which}`,
  );
}

function parseError(text: string): { code: EndpointCode; message: string } | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    if (typeof error?.code !== 'string' || !Object.hasOwn(endpointCodes, error.code) || typeof error.message !== 'string') return undefined;
    return { code: error.code as EndpointCode, message: error.message };
  } catch {
    return undefined;
  }
}
