import { SpellError } from '../../runtime/api/errors.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import { routeLines } from '../../runtime/api/http/route-lines.ts';

type AnyCall = (input?: object) => unknown;

/**
 * A client that is there before any control plane: each call connects, which may start one. A question (GET) that met a
 * control plane as it went away is asked once more of the one that came after it; nothing else is ever sent twice.
 */
export function lazyClient(connect: () => Promise<Client>): Client {
  const methods = Object.entries(routeLines).map(([name, [method, , kind]]) => {
    const call = async (input?: object): Promise<unknown> => ((await connect())[name as keyof typeof routeLines] as AnyCall)(input);
    if (kind === 'lines' || kind === 'events')
      return [
        name,
        async function* (input?: object) {
          yield* (await call(input)) as AsyncIterable<unknown>;
        },
      ];
    if (method !== 'GET') return [name, call];
    return [name, (input?: object) => call(input).catch((error: unknown) => (isGone(error) ? call(input) : Promise.reject(error)))];
  });
  return { ...Object.fromEntries(methods), url: '', close: () => {} } as unknown as Client;
}

function isGone(error: unknown): boolean {
  return error instanceof SpellError && error.code === 'unreachable';
}
