import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SpellError } from '../../api/errors.ts';
import type { TlsChoice } from '../../api/tls-choice.ts';
import type { FrontChoice } from './front-choice.ts';

/** What `spelld` is told on its command line. What is not said is as it was the last time. */
export interface SpelldOptions {
  /** Where the gateway listens. */
  host: string | undefined;
  port: number | undefined;
  /** Where the API listens, on loopback. */
  apiPort: number | undefined;
  front: Partial<FrontChoice>;
}

const known = {
  host: { type: 'string' },
  port: { type: 'string' },
  'api-port': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-self-signed': { type: 'boolean' },
  'access-log': { type: 'boolean' },
} as const;

/**
 * Reads `--host HOST --port N --api-port N`, `--tls-cert FILE --tls-key FILE`, `--tls-self-signed` or `--no-tls-self-signed`
 * (plain HTTP), and `--access-log` or `--no-access-log`. Throws `usage`.
 */
export function readOptions(args: string[]): SpelldOptions {
  const values = parse(args);
  return {
    host: values.host,
    port: portOf('--port', values.port),
    apiPort: portOf('--api-port', values['api-port']),
    front: { ...tlsOf(values), ...(values['access-log'] !== undefined && { accessLog: values['access-log'] }) },
  };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof known }>>['values'];

function parse(args: string[]): Values {
  try {
    return parseArgs({ args, options: known, allowNegative: true }).values;
  } catch (error) {
    const flags = Object.keys(known).map((flag) => `--${flag}`);
    throw new SpellError('usage', (error as Error).message, `spelld takes ${flags.join(', ')}`, { cause: error });
  }
}

function tlsOf({ 'tls-cert': certificate, 'tls-key': key, 'tls-self-signed': selfSigned }: Values): { tls?: TlsChoice } {
  if (certificate !== undefined && key !== undefined) {
    return { tls: { kind: 'files', certificate: resolve(certificate), key: resolve(key) } };
  }
  if (certificate !== undefined || key !== undefined) throw new SpellError('usage', '--tls-cert and --tls-key go together', 'give both');
  return selfSigned === undefined ? {} : { tls: { kind: selfSigned ? 'self-signed' : 'off' } };
}

function portOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new SpellError('usage', `${flag} ${JSON.stringify(text)} is no port`, 'a port is a number from 1 to 65535');
}
