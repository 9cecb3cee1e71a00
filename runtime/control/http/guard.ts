import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { SpellError } from '../../api/errors.ts';

/**
 * Keeps web pages out: a page can make a browser send requests to loopback, but it cannot choose the `Host` that a
 * rebound name (DNS rebinding) carries, nor leave out its `Origin`. What does not name this server is told nothing.
 */
export function guardOrigin(allowedHosts: () => ReadonlySet<string>): MiddlewareHandler {
  return async (context, next) => {
    const hosts = allowedHosts();
    const host = context.req.header('host')?.toLowerCase();
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site');
    const foreign =
      host === undefined ||
      !hosts.has(host) ||
      (origin !== undefined && !isOwnOrigin(origin, hosts)) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (foreign) throw new SpellError('forbidden', 'forbidden');
    await next();
  };
}

/** Lets in who knows the token (RFC 6750, `Authorization: Bearer`). */
export function guardToken(token: string): MiddlewareHandler {
  const expected = sha256(token);
  return async (context, next) => {
    const said = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
    // Digests have one length, so the comparison takes one time whatever was sent.
    if (said === undefined || !timingSafeEqual(sha256(said), expected)) {
      context.header('www-authenticate', 'Bearer');
      const what = said === undefined ? 'this request has no token' : 'the token of this request is not the right one';
      throw new SpellError('unauthorized', what, 'send `Authorization: Bearer TOKEN` with what the file `token` in SPELL_HOME holds');
    }
    await next();
  };
}

/** The values of `Host` that mean a server listening on this port of this machine. */
export function loopbackHosts(host: string, port: number): ReadonlySet<string> {
  return new Set(
    ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host].map((name) => `${name}:${port}`.toLowerCase()),
  );
}

function isOwnOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  const url = URL.parse(origin);
  return url !== null && url.protocol === 'http:' && hosts.has(url.host);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
