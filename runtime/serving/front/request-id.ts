import { randomBytes } from 'node:crypto';

const maxLength = 128;

/** What the gateway makes when a request brings no id: this process's own prefix and a number. Unique enough for logs. */
export function requestIdGenerator(prefix: string = randomBytes(6).toString('base64url')): () => string {
  let count = 0;
  return () => `${prefix}-${(++count).toString(36)}`;
}

/** Whether an id that a client sent may go into logs and headers as it is: visible ASCII, at most 128 characters. */
export function isSaneRequestId(id: string): boolean {
  if (id.length === 0 || id.length > maxLength) return false;
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}
