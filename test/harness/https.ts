import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { makeCertificate } from '../../runtime/platform/local/certificate/make-certificate.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A certificate and its key as files in a folder of their own. */
export interface CertificateFolder {
  files: { certificate: string; key: string };
  /** Puts another pair in their place, or what a test wants to be there instead. */
  replace(pair?: Partial<{ cert: string; key: string }>): Promise<{ cert: string; key: string }>;
  close(): Promise<void>;
}

export async function makeCertificateFolder(): Promise<CertificateFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'spell-tls-')));
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const replace: CertificateFolder['replace'] = async (pair = {}) => {
    const made = { ...(await makePair()), ...pair };
    await writeFile(files.key, made.key, { mode: 0o600 });
    await writeFile(files.certificate, made.cert);
    return made;
  };
  await replace();
  return { files, replace, close: () => rm(folder, { recursive: true, force: true }) };
}

/** A pair for this machine's loopback, valid from one day to another, counted from now. */
export function makePair(fromDays = 0, toDays = 90): Promise<{ cert: string; key: string }> {
  return makeCertificate(['localhost', '127.0.0.1'], new Date(Date.now() + fromDays * dayMs), (toDays - fromDays) * dayMs);
}

/** Posts JSON over HTTPS with these authorities, and reads the JSON that comes back. */
export async function predictOver<T>(agent: Agent, url: string, payload: unknown): Promise<{ status: number; body: T }> {
  const outgoing = request(url, { agent, method: 'POST' });
  outgoing.end(JSON.stringify(payload));
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: (await json(answer)) as T };
}

/** The certificate that a new connection is shown, as the fingerprint of its bytes. */
export async function shownCertificate(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
