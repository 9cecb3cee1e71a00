import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** Where a certificate (with those between it and its authority behind it) and its key lie, in PEM. */
export interface CertificateFiles {
  certificate: string;
  key: string;
}

/** What the files held, found good. */
export interface CertificatePair {
  cert: string;
  key: string;
  /** When it expires, in milliseconds since 1970. */
  expiresAt: number;
}

/** The files cannot be used. `message` names the file and what is wrong with it, `hint` what to do. */
export class CertificateError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What the files hold, whatever that is. */
export type CertificateTexts = Pick<CertificatePair, 'cert' | 'key'>;

/** Throws {@link CertificateError}. */
export async function readCertificateTexts(files: CertificateFiles): Promise<CertificateTexts> {
  const [cert, key] = await Promise.all([readPem(files.certificate, 'certificate'), readPem(files.key, 'key')]);
  return { cert, key };
}

/** Checks what was read from these files. Throws {@link CertificateError}. */
export function checkCertificatePair({ cert, key }: CertificateTexts, files: CertificateFiles, now: Date): CertificatePair {
  const certificate = parseCertificate(cert, files.certificate);
  const privateKey = parseKey(key, files.key);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(
      `the key ${files.key} does not belong to the certificate ${files.certificate}`,
      "give the pair that belongs together; in a file of several certificates the server's own comes first",
    );
  }
  const expiresAt = certificate.validToDate.getTime();
  if (expiresAt <= now.getTime()) {
    throw new CertificateError(
      `the certificate ${files.certificate} has expired: it was valid until ${certificate.validToDate.toISOString()}`,
      'renew it; or spell up --tls-self-signed, or --no-tls',
    );
  }
  if (certificate.validFromDate.getTime() > now.getTime()) {
    throw new CertificateError(
      `the certificate ${files.certificate} is not valid before ${certificate.validFromDate.toISOString()}`,
      "is this machine's clock right?",
    );
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new CertificateError(`TLS cannot use ${files.certificate}: ${(error as Error).message}`, 'make one with a stronger key');
  }
  return { cert, key, expiresAt };
}

async function readPem(file: string, what: 'certificate' | 'key'): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'cannot be read by this user' : code === 'EISDIR' ? 'is a folder' : message;
    throw new CertificateError(
      `the ${what} ${file} ${why}`,
      `--tls-${what === 'key' ? 'key' : 'cert'} names a file in PEM; --no-tls goes back to plain HTTP`,
    );
  }
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CertificateError(
      `${file} holds no certificate in PEM`,
      'it begins with -----BEGIN CERTIFICATE-----; from DER: openssl x509 -inform der -in FILE -out FILE.pem',
    );
  }
}

function parseKey(pem: string, file: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(pem)) {
      throw new CertificateError(
        `the key ${file} is encrypted, and nobody is there to be asked for its passphrase`,
        `take it off: openssl pkey -in ${file} -out FILE, readable by you alone`,
      );
    }
    throw new CertificateError(`${file} holds no private key in PEM`, 'it begins with -----BEGIN PRIVATE KEY-----');
  }
}
