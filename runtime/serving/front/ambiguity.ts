import type { HeaderScan } from './header-scan.ts';
import type { HttpRefusal } from './refusals.ts';

/** RFC 3986 §3.2.2 and §3.2.3: a name or an IPv4 address, or an IPv6 address in brackets; perhaps a port. */
const hostPattern = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?$/;

/**
 * Finds what Node's strict parser lets through although another program between the client and us could read it as
 * another request: that is how requests are smuggled past one that checks them. All of it is refused, and the connection
 * closed, because nobody can know where the next request begins.
 */
export class AmbiguityCheck {
  /** Clients name the same host again and again. */
  #goodHost = '';

  /** What is wrong with a request, by its headers and its version; `undefined`: nothing. */
  problem(scan: HeaderScan, httpVersion: string): HttpRefusal | undefined {
    if (httpVersion !== '1.1' && httpVersion !== '1.0') {
      return { code: 'bad-request', status: 505, message: `HTTP/${httpVersion} is not spoken here, only HTTP/1.1` };
    }
    return hostCountProblem(scan, httpVersion) ?? this.#hostProblem(scan.host) ?? transferProblem(scan, httpVersion);
  }

  #hostProblem(host: string | undefined): HttpRefusal | undefined {
    if (host === undefined || host === this.#goodHost) return undefined;
    if (!hostPattern.test(host)) return { code: 'bad-request', message: `Host is ${JSON.stringify(host)}: that is no host` };
    this.#goodHost = host;
    return undefined;
  }
}

/** RFC 9112 §3.2 */
function hostCountProblem({ hosts }: HeaderScan, httpVersion: string): HttpRefusal | undefined {
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return undefined;
  const message = hosts === 0 ? 'an HTTP/1.1 request must have a Host header' : `there are ${hosts} Host headers: there must be one`;
  return { code: 'bad-request', message };
}

/** RFC 9112 §6.1. The parser has seen to `Content-Length` beside it, and to codings that do not end with `chunked`. */
function transferProblem({ transferEncoding, transferEncodings }: HeaderScan, httpVersion: string): HttpRefusal | undefined {
  if (transferEncodings === 0) return undefined;
  if (httpVersion === '1.0') return { code: 'bad-request', message: 'HTTP/1.0 knows no Transfer-Encoding' };
  if (transferEncodings > 1)
    return { code: 'bad-request', message: `there are ${transferEncodings} Transfer-Encoding headers: there may be one` };
  if (transferEncoding?.toLowerCase() === 'chunked') return undefined;
  return {
    code: 'bad-request',
    status: 501,
    message: `Transfer-Encoding is ${JSON.stringify(transferEncoding)}: the only one known here is chunked`,
  };
}
