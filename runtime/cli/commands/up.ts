import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../../api/errors.ts';
import type { Client } from '../../api/http/client-types.ts';
import type { Status } from '../../api/objects.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { refuseRemote } from '../local-only.ts';
import { showStatus } from '../show-status.ts';
import { addressArguments, differsFrom, readAddress, type WantedAddress } from './wanted-address.ts';

/** The gateway is started by the control plane once that is ready; usually it is there within a tenth of this. */
const gatewayWithinMs = 10_000;

export const up = command({
  name: 'up',
  summary: 'Starts the control plane and the gateway of this machine, with their addresses',
  details:
    'Other commands start them too when they need them. What is chosen here is remembered: ports, so that addresses stay, and also HTTPS ' +
    'and the access log, until --no-tls and --no-access-log take them back. Files of certificates are read again when they change.',
  options: {
    host: { kind: 'value', value: 'ADDRESS', doc: 'where the endpoint listens (default: 127.0.0.1)' },
    port: { kind: 'value', value: 'N', doc: "the endpoint's port (default: the remembered one, else a free one)" },
    'api-port': { kind: 'value', value: 'N', doc: "the API's port (default: the remembered one, else a free one)" },
    'tls-cert': {
      kind: 'value',
      value: 'FILE',
      doc: 'the endpoint speaks HTTPS with this certificate, in PEM, with those between it and its authority',
    },
    'tls-key': { kind: 'value', value: 'FILE', doc: 'the key of --tls-cert, in PEM, not encrypted' },
    'tls-self-signed': { kind: 'switch', doc: 'the endpoint speaks HTTPS with a certificate that Spell makes, for this machine' },
    'no-tls': { kind: 'switch', doc: 'the endpoint speaks plain HTTP again' },
    'access-log': { kind: 'switch', doc: 'each request is noted in logs/access.log of the home' },
    'no-access-log': { kind: 'switch', doc: 'requests are not noted any more' },
  },
  example: `
spell up
spell up --port 8080
spell up --tls-self-signed
spell up --host 0.0.0.0 --port 443 --tls-cert cert.pem --tls-key key.pem`,
  run: async (context, input) => {
    refuseRemote(context, 'up');
    const wanted = readAddress(input, context.cwd);
    const { findControlPlane } = await import('../../api/connect/find.ts');
    const running = await findControlPlane(context.home);
    if (running) refuseOtherAddress(running.status, wanted);
    else await start(context, wanted);
    showStatus(context, await awaitGateway(await context.controlPlane.find()));
  },
});

async function start({ home, programs, env }: Context, wanted: WantedAddress): Promise<void> {
  const { startControlPlane } = await import('../../api/connect/start.ts');
  await startControlPlane({ home, program: programs.spelld, node: programs.node, env, args: addressArguments(wanted) });
}

/** What runs cannot move to another address. */
function refuseOtherAddress(status: Status, wanted: WantedAddress): void {
  if (!differsFrom(status, wanted)) return;
  throw new SpellError(
    'running',
    `it runs already, at ${status.gatewayUrl ?? status.apiUrl} with its API at ${status.apiUrl}`,
    'take it down first: spell down, then this again',
  );
}

async function awaitGateway(client: Client): Promise<Status> {
  const deadline = performance.now() + gatewayWithinMs;
  for (;;) {
    const status = await client.status();
    if (status.gatewayUrl !== null) return status;
    if (performance.now() > deadline)
      throw new SpellError(
        'start-failed',
        status.notices?.join('; ') ?? 'the gateway did not start',
        `see ${status.home}/logs/gateway.log, and spell events`,
      );
    await delay(20);
  }
}
