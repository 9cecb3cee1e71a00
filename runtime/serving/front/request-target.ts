import type { HttpRefusal } from './refusals.ts';

/** What a request target that is no path means: a path (perhaps with a query), or why it cannot be answered. */
export type ResolvedTarget = { path: string } | { refusal: HttpRefusal };

/**
 * Reads a target in absolute form (`http://host/path`), which servers must understand too (RFC 9112 §3.2.2). Where it
 * names another host than the `Host` header, the two could have been routed differently on the way: refused.
 */
export function resolveTarget(target: string, host: string | undefined): ResolvedTarget {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) {
    return refused(`${JSON.stringify(target)} is no request target: it is a path, as in /OWNER/NAME/predict`);
  }
  const url = new URL(target);
  if (url.username !== '' || url.password !== '') return refused('a request target must not carry a user or a password');
  if (host !== undefined && !isSameAuthority(url, host)) {
    return refused(`the request target names the host ${url.host}, and Host names ${JSON.stringify(host)}`);
  }
  // As it came: the predictor may look at its exact spelling.
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return { path: rest.startsWith('/') ? rest : `/${rest}` };
}

function isSameAuthority(url: URL, host: string): boolean {
  const other = `${url.protocol}//${host}`;
  return URL.canParse(other) && new URL(other).host === url.host;
}

function refused(message: string): ResolvedTarget {
  return { refusal: { code: 'bad-request', message } };
}
