import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, checkServerIdentity, getCACertificates } from 'node:tls';

/**
 * The TLS options with which a client trusts an endpoint that proves itself with the certificate in this file, whoever
 * signed it and whatever name it carries, beside all that Node trusts anyway. A file that is not there adds nothing.
 */
export async function endpointTrust(file: string): Promise<ConnectionOptions> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem === undefined) return {};
  const own = new X509Certificate(pem).fingerprint256;
  return {
    ca: [...getCACertificates('default'), pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (host, peer) => (peer.fingerprint256 === own ? undefined : checkServerIdentity(host, peer)),
  };
}
