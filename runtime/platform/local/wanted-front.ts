import { SpellError } from '../../api/errors.ts';
import { homeLayout } from '../../api/home.ts';
import type { TlsChoice } from '../../api/tls-choice.ts';
import type { GatewayInfo } from '../../serving/admin.ts';
import type { CertificateFiles } from '../../serving/front/tls/certificate-pair.ts';
import type { EndpointPort } from './endpoint-port.ts';

/** How the endpoint is to be reached. */
export interface WantedFront {
  /** The files of its certificate; null: it speaks plain HTTP. */
  tls: CertificateFiles | null;
  /** Where each request is noted; null: nowhere. */
  accessLog: string | null;
}

/** Where the certificate that Spell makes for itself lies. */
export function ownCertificateFiles(home: string): CertificateFiles {
  const { certificate, certificateKey } = homeLayout(home);
  return { certificate, key: certificateKey };
}

export function wantedFront(home: string, choice: { tls: TlsChoice; accessLog: boolean }): WantedFront {
  return { tls: certificateFiles(choice.tls, ownCertificateFiles(home)), accessLog: choice.accessLog ? homeLayout(home).accessLog : null };
}

function certificateFiles(tls: TlsChoice, own: CertificateFiles): CertificateFiles | null {
  if (tls.kind === 'off') return null;
  return tls.kind === 'self-signed' ? own : { certificate: tls.certificate, key: tls.key };
}

/**
 * Refuses to take over a gateway that is reached in another way than it should be: its clients would not find it there.
 * @throws SpellError `conflict`
 */
export function requireSuitable({ url, front }: GatewayInfo, wanted: WantedFront, port: EndpointPort, home: string): void {
  const { certificate, accessLog } = front;
  if (port.suits(url) && certificate === (wanted.tls?.certificate ?? null) && accessLog === wanted.accessLog) return;
  const shown = certificate === null ? '' : `, with the certificate ${certificate}`;
  throw new SpellError(
    'conflict',
    `the endpoint of ${home} is ${url} already${shown}`,
    '`spell down` first, then start it as it should be',
  );
}
