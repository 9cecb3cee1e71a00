import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ErrorBody, type ErrorCode, errorCodes, SpellError } from '../errors.ts';

/** The JSON of an answer that succeeded; null when it has no body. Throws what an answer that failed says. */
export async function readJson(answer: IncomingMessage): Promise<unknown> {
  await refuseFailure(answer);
  const body = await text(answer);
  return body === '' ? null : JSON.parse(body);
}

/** Throws the error that an answer carries, when it is one; its body is read then. */
export async function refuseFailure(answer: IncomingMessage): Promise<void> {
  const status = answer.statusCode ?? 0;
  if (status < 400) return;
  throw toError(status, await text(answer));
}

function toError(status: number, body: string): SpellError {
  const { code, message, hint } = parseErrorBody(body) ?? {};
  if (code !== undefined && message !== undefined)
    return new SpellError(Object.hasOwn(errorCodes, code) ? code : 'internal', message, hint);
  return new SpellError(
    'internal',
    `the control plane answered ${status}${body === '' ? '' : `: ${body.slice(0, 500)}`}`,
    'is that address really a control plane of Spell? `logs/spelld.log` in SPELL_HOME has the details',
  );
}

function parseErrorBody(body: string): { code: ErrorCode; message: string; hint?: string } | undefined {
  try {
    const { error } = JSON.parse(body) as Partial<ErrorBody>;
    return typeof error?.code === 'string' && typeof error.message === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
