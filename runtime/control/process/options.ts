import { parseArgs } from 'node:util';
import { SpellError } from '../../api/errors.ts';

/** What `spelld` is told on its command line. What is not said is as it was the last time. */
export interface SpelldOptions {
  /** Where the gateway listens. */
  host: string | undefined;
  port: number | undefined;
  /** Where the API listens, on loopback. */
  apiPort: number | undefined;
}

/** Reads `--host HOST --port N --api-port N`. Throws `usage`. */
export function readOptions(args: string[]): SpelldOptions {
  const { values } = parse(args);
  return { host: values.host, port: portOf('--port', values.port), apiPort: portOf('--api-port', values['api-port']) };
}

function parse(args: string[]): { values: { host?: string; port?: string; 'api-port'?: string } } {
  try {
    return parseArgs({ args, options: { host: { type: 'string' }, port: { type: 'string' }, 'api-port': { type: 'string' } } });
  } catch (error) {
    throw new SpellError('usage', (error as Error).message, 'spelld takes --host HOST, --port N and --api-port N', { cause: error });
  }
}

function portOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new SpellError('usage', `${flag} ${JSON.stringify(text)} is no port`, 'a port is a number from 1 to 65535');
}
