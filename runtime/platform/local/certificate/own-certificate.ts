import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { dirname } from 'node:path';

/** What browsers and systems accept at most of a server is 398 days. */
const validMs = 397 * 24 * 60 * 60 * 1000;
const renewBeforeMs = 30 * 24 * 60 * 60 * 1000;

/** How often it is looked at: a gateway may run for longer than a certificate is valid. */
export const renewLookMs: number = 12 * 60 * 60 * 1000;

/** By these a client on this machine reaches what listens on loopback. */
const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1'];

export interface OwnCertificateOptions {
  files: { certificate: string; key: string };
  /** Where the endpoint listens. */
  host: string;
  now: () => Date;
}

/**
 * Sees to it that there is a certificate that Spell made for itself, with its key: valid for a month at least, and for
 * the address that the endpoint listens at. Returns whether it had to be made. The key can be read by its owner alone.
 */
export async function ensureOwnCertificate({ files, host, now }: OwnCertificateOptions): Promise<boolean> {
  if (await isGood(files, [...loopback, host], now())) return false;
  const hosts = [...new Set([...loopback, host, ...othersOf(host)])];
  // Loaded only by the few who make one.
  const { makeCertificate } = await import('./make-certificate.ts');
  const { cert, key } = await makeCertificate(hosts, now(), validMs);
  await mkdir(dirname(files.key), { recursive: true, mode: 0o700 });
  await chmod(dirname(files.key), 0o700);
  // If the process ends between the two, they do not belong together, and are made again.
  await writeOwn(files.key, key);
  await writeOwn(files.certificate, cert);
  return true;
}

async function isGood(files: OwnCertificateOptions['files'], hosts: readonly string[], now: Date): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(files.certificate));
    const key = createPrivateKey(await readFile(files.key));
    const covers = (host: string): boolean => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
    return certificate.checkPrivateKey(key) && certificate.validToDate.getTime() - now.getTime() > renewBeforeMs && hosts.every(covers);
  } catch {
    return false;
  }
}

/** What listens on all addresses is reached by any of this machine's. */
function othersOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [hostname(), ...addresses.filter(({ scopeid = 0 }) => scopeid === 0).map(({ address }) => address)];
}

async function writeOwn(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  await using handle = await open(beside, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.sync();
  await rename(beside, file);
}
