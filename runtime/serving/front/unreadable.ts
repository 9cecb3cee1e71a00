import { STATUS_CODES } from 'node:http';
import { endpointCodes } from '../../api/endpoint.ts';
import type { AccessLog } from './access-log.ts';
import { errorBody } from './error-answer.ts';
import type { EndpointSocket } from './exchange.ts';
import type { FrontLimits } from './front-limits.ts';
import type { HttpRefusal } from './refusals.ts';
import { lingerMs } from './unread-body.ts';

/** Why the parser gave up on a connection; `undefined`: there is nobody to answer (the connection broke, or TLS did). */
export function unreadableRefusal(error: NodeJS.ErrnoException, limits: FrontLimits): HttpRefusal | undefined {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request-timeout', message: `the request's headers did not come within ${limits.headersTimeoutMs / 1000} s` };
    case 'HPE_HEADER_OVERFLOW':
      return { code: 'bad-request', status: 431, message: `the headers are larger than ${limits.maxHeaderBytes / 1024} KiB` };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { code: 'bad-request', message: "the body's chunk extensions are larger than 16 KiB" };
    case 'HPE_INVALID_EOF_STATE':
      return { code: 'bad-request', message: 'the connection ended in the middle of the request' };
  }
  return error.code?.startsWith('HPE_') ? { code: 'bad-request', message: `this is no HTTP/1.1 request: ${error.message}` } : undefined;
}

export interface AnswerByHand {
  socket: EndpointSocket;
  refusal: HttpRefusal;
  id: string;
  /** Further header lines. */
  extra?: readonly string[];
  accessLog: AccessLog | undefined;
}

/**
 * Answers where there is no request to answer, only bytes that are none: by hand, as the last words of the connection.
 * What the client still sends is thrown away for a while (`error-answer.ts` says why).
 */
export function answerByHand({ socket, refusal, id, extra = [], accessLog }: AnswerByHand): void {
  const status = refusal.status ?? endpointCodes[refusal.code];
  const body = errorBody(refusal, id);
  accessLog?.noteUnreadable(id, status, refusal.code, Buffer.byteLength(body));
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${id}`,
      ...extra,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
