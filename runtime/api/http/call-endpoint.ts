import type { ConnectionOptions } from 'node:tls';
import { type EndpointCode, endpointCodes } from '../endpoint.ts';
import { EndpointRefusal } from '../endpoint-refusal.ts';
import { type EndpointAnswer, exchange } from './exchange.ts';

/** Sends one request to an endpoint, as `exchange` does, and throws `EndpointRefusal` for an answer that is an error. */
export async function callEndpoint(
  url: string,
  method: 'GET' | 'POST',
  body?: Buffer,
  trust: ConnectionOptions = {},
): Promise<EndpointAnswer> {
  const answer = await exchange({ url, method, body, trust });
  if (answer.status >= 400) throw toRefusal(answer, url);
  return answer;
}

/** The code and message of an answer that is an error: the gateway's own, else whatever the predictor answered with that status. */
export function refusalIn({ status, body }: Pick<EndpointAnswer, 'status' | 'body'>): { code: EndpointCode; message: string } {
  const text = body.toString();
  const code = status >= 500 ? 'predictor-error' : 'bad-request';
  return parseError(text) ?? { code, message: text.trim() || 'no reason was given' };
}

function toRefusal(answer: EndpointAnswer, url: string): EndpointRefusal {
  const { code, message } = refusalIn(answer);
  const name = new URL(url).pathname.split('/').at(-2) ?? 'NAME';
  const which = answer.requestId === null ? '' : ` (request ${answer.requestId})`;
  return new EndpointRefusal(
    code,
    `the endpoint answered ${answer.status} ${code}: ${message}`,
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
