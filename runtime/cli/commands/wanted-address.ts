import { resolve } from 'node:path';
import { SpellError } from '../../api/errors.ts';
import type { Status } from '../../api/objects.ts';
import type { TlsChoice } from '../../api/tls-choice.ts';

/** What `spell up` was asked for; undefined: as it is, or was the last time. */
export interface WantedAddress {
  host: string | undefined;
  port: string | undefined;
  apiPort: string | undefined;
  tls: TlsChoice | undefined;
  accessLog: boolean | undefined;
}

/** The options of `spell up`, as they were given. */
export interface AddressInput {
  host: string | undefined;
  port: string | undefined;
  'api-port': string | undefined;
  'tls-cert': string | undefined;
  'tls-key': string | undefined;
  'tls-self-signed': boolean;
  'no-tls': boolean;
  'access-log': boolean;
  'no-access-log': boolean;
}

/** Throws `usage` for a port that is none, and for options that contradict each other. */
export function readAddress(input: AddressInput, cwd: string): WantedAddress {
  return {
    host: input.host,
    port: readPort('--port', input.port),
    apiPort: readPort('--api-port', input['api-port']),
    tls: readTls(input, cwd),
    accessLog: readAccessLog(input),
  };
}

/** The same for `spelld`, which remembers it. */
export function addressArguments({ host, port, apiPort, tls, accessLog }: WantedAddress): string[] {
  return [
    ...(host === undefined ? [] : ['--host', host]),
    ...(port === undefined ? [] : ['--port', port]),
    ...(apiPort === undefined ? [] : ['--api-port', apiPort]),
    ...(tls?.kind === 'files' ? ['--tls-cert', tls.certificate, '--tls-key', tls.key] : []),
    ...(tls?.kind === 'self-signed' ? ['--tls-self-signed'] : []),
    ...(tls?.kind === 'off' ? ['--no-tls-self-signed'] : []),
    ...(accessLog === undefined ? [] : [accessLog ? '--access-log' : '--no-access-log']),
  ];
}

/** Whether what runs is not as it is wanted. */
export function differsFrom({ apiUrl, gatewayUrl, gatewayCertificate, accessLog }: Status, wanted: WantedAddress): boolean {
  if (wanted.apiPort !== undefined && new URL(apiUrl).port !== wanted.apiPort) return true;
  if (gatewayUrl === null) return false;
  const { hostname, port, protocol } = new URL(gatewayUrl);
  return (
    (wanted.port !== undefined && (port || (protocol === 'https:' ? '443' : '80')) !== wanted.port) ||
    (wanted.host !== undefined && hostname.replace(/^\[|\]$/g, '') !== wanted.host) ||
    (wanted.tls !== undefined && !isSameTls(wanted.tls, gatewayCertificate)) ||
    (wanted.accessLog !== undefined && wanted.accessLog !== (accessLog !== undefined))
  );
}

function isSameTls(wanted: TlsChoice, certificate: Status['gatewayCertificate']): boolean {
  if (wanted.kind === 'off') return certificate === undefined;
  if (wanted.kind === 'self-signed') return certificate?.selfSigned === true;
  return certificate?.file === wanted.certificate;
}

function readTls(input: AddressInput, cwd: string): TlsChoice | undefined {
  const { 'tls-cert': certificate, 'tls-key': key, 'tls-self-signed': selfSigned, 'no-tls': off } = input;
  const files = certificate !== undefined || key !== undefined;
  if (Number(files) + Number(selfSigned) + Number(off) > 1) {
    throw new SpellError('usage', '--tls-cert with --tls-key, --tls-self-signed and --no-tls exclude each other', 'choose one of them');
  }
  if (off) return { kind: 'off' };
  if (selfSigned) return { kind: 'self-signed' };
  if (!files) return undefined;
  if (certificate === undefined || key === undefined) {
    const missing = certificate === undefined ? '--tls-cert' : '--tls-key';
    throw new SpellError('usage', `${missing} is missing`, 'give both: --tls-cert FILE --tls-key FILE');
  }
  return { kind: 'files', certificate: resolve(cwd, certificate), key: resolve(cwd, key) };
}

function readAccessLog({ 'access-log': on, 'no-access-log': off }: AddressInput): boolean | undefined {
  if (on && off) throw new SpellError('usage', '--access-log and --no-access-log exclude each other', 'choose one of them');
  return on ? true : off ? false : undefined;
}

function readPort(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port > 0 && port < 65_536) return String(port);
  throw new SpellError('usage', `${flag}: ${JSON.stringify(text)} is no port`, 'write a number from 1 to 65535');
}
