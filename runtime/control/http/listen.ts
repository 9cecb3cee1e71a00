import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SpellError } from '../../api/errors.ts';
import { portHolderPhrase } from '../../api/port-holder.ts';

export interface Listening {
  host: string;
  port: number;
  /** No new requests; what runs has `graceMs` to end. */
  close(graceMs: number): Promise<void>;
}

/** Serves an app. `port` 0 takes a free one. Throws `port-taken`, naming the holder. */
export async function listen(fetch: (request: Request) => Response | Promise<Response>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch }) as Server;
  // Contents may be larger than any sensible limit on the time of one request; loopback peers do not attack by slowness.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  }).catch(async (error) => {
    throw await explainListenError(error, host, port);
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  if (error.code === 'EADDRINUSE') {
    const holder = await portHolderPhrase(port);
    return new SpellError(
      'port-taken',
      `the API's port ${port} is taken${holder}`,
      'end that process, or choose another with: spell up --api-port N',
      {
        cause: error,
      },
    );
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    const hint = 'choose another with: spell up --api-port N';
    return new SpellError('start-failed', `the API cannot listen on ${host}:${port}: ${error.message}`, hint, { cause: error });
  }
  return error;
}
