import type { Refusal } from '../requests/caller.ts';
import { pathOf } from './route-table.ts';

/** A refusal; `status` is for the few that HTTP has a status of its own for. */
export interface HttpRefusal extends Refusal {
  status?: number;
}

export function unknownPath(target: string): Refusal {
  const [, owner, name, verb, ...more] = pathOf(target).split('/');
  const known = verb === 'predict' || verb === 'health' || verb === 'ready';
  return {
    code: 'not-found',
    message:
      known && more.length === 0
        ? `there is no model server ${owner}/${name}`
        : `there is nothing at ${JSON.stringify(pathOf(target))}: paths are /OWNER/NAME/predict, /health and /ready`,
  };
}

export function methodNotAllowed(method: string, allowed: string): Refusal {
  return { code: 'method-not-allowed', message: `${method} is not allowed here, only ${allowed}` };
}

export function tooLarge(limit: number): Refusal {
  return { code: 'too-large', message: `the body is larger than ${limit} bytes (max-request-size)` };
}

/** A plain decimal number above 0: what other languages' parsers read in their own ways (`1e3`, `0x10`, `Infinity`) is none. */
const seconds = /^(?=.*[1-9])[0-9]+(\.[0-9]+)?$/;

/**
 * What is wrong with `x-request-timeout`; `undefined`: nothing. A value that is none is refused rather than ignored: whoever
 * sends one counts on an answer in that time.
 */
export function timeoutProblem(value: string | undefined): Refusal | undefined {
  if (value === undefined || seconds.test(value)) return undefined;
  return { code: 'bad-request', message: `x-request-timeout is ${JSON.stringify(value)}: it must be a number of seconds above 0` };
}

/** RFC 9110 §10.1.1 */
export const unknownExpectation: HttpRefusal = {
  code: 'bad-request',
  status: 417,
  message: 'the only expectation known here is 100-continue',
};

export const connectRefused: Refusal = { code: 'method-not-allowed', message: 'CONNECT is not allowed here: this is no proxy' };

export const plainHttpRefused: Refusal = {
  code: 'bad-request',
  message: 'this port speaks HTTPS, and the request came in plain HTTP: use https:// instead of http://',
};

export const tooManyInFlight: Refusal = {
  code: 'queue-full',
  message: 'the gateway has as many requests in flight as it can hold',
  retryAfter: 1,
};
