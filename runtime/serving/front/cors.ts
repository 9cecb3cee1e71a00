/** How long a browser may remember what a preflight said. */
const maxAgeSeconds = 600;

/** The origin that an answer may be given to, or null: `allowed` are the setting `cors-origins`, `*` is any. */
export function allowedOrigin(allowed: readonly string[], origin: string | undefined): string | null {
  if (origin === undefined) return null;
  if (allowed.includes('*')) return '*';
  return allowed.includes(origin) ? origin : null;
}

/** Of our headers, those that a page may read. */
const exposed = 'x-request-id, retry-after, server-timing';

/** The headers of every answer to a page of an allowed origin (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function corsHeaders(origin: string): string[] {
  return ['access-control-allow-origin', origin, 'access-control-expose-headers', exposed, 'vary', 'origin'];
}

/** What a preflight is answered with, beside {@link corsHeaders}. `requested` are the headers that the page wants to send. */
export function preflightHeaders(methods: string, requested: string | undefined): string[] {
  const headers = ['access-control-allow-methods', methods, 'access-control-max-age', String(maxAgeSeconds)];
  if (requested) headers.push('access-control-allow-headers', requested);
  return headers;
}
