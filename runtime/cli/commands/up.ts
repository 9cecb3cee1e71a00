import { setTimeout as delay } from 'node:timers/promises';
import { SpellError } from '../../api/errors.ts';
import type { Client } from '../../api/http/client-types.ts';
import type { Status } from '../../api/objects.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { refuseRemote } from '../local-only.ts';
import { showStatus } from '../show-status.ts';

/** The gateway is started by the control plane once that is ready; usually it is there within a tenth of this. */
const gatewayWithinMs = 10_000;

export const up = command({
  name: 'up',
  summary: 'Starts the control plane and the gateway of this machine, with their addresses',
  details: 'Other commands start them too when they need them. Ports are chosen at the first start and remembered, so that addresses stay.',
  options: {
    host: { kind: 'value', value: 'ADDRESS', doc: 'where the endpoint listens (default: 127.0.0.1)' },
    port: { kind: 'value', value: 'N', doc: "the endpoint's port (default: the remembered one, else a free one)" },
    'api-port': { kind: 'value', value: 'N', doc: "the API's port (default: the remembered one, else a free one)" },
  },
  example: `
spell up
spell up --port 8080`,
  run: async (context, { host, port, 'api-port': apiPort }) => {
    refuseRemote(context, 'up');
    const wanted = { host, port: readPort('--port', port), 'api-port': readPort('--api-port', apiPort) };
    const { findControlPlane } = await import('../../api/connect/find.ts');
    const running = await findControlPlane(context.home);
    if (running) refuseOtherAddress(running.status, wanted);
    else await start(context, wanted);
    showStatus(context, await awaitGateway(await context.controlPlane.find()));
  },
});

type Wanted = Record<'host' | 'port' | 'api-port', string | undefined>;

async function start({ home, programs, env }: Context, wanted: Wanted): Promise<void> {
  const { startControlPlane } = await import('../../api/connect/start.ts');
  const args = Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  await startControlPlane({ home, program: programs.spelld, node: programs.node, env, args });
}

/** What runs cannot move to another address. */
function refuseOtherAddress({ apiUrl, gatewayUrl }: Status, wanted: Wanted): void {
  const gateway = gatewayUrl === null ? undefined : new URL(gatewayUrl);
  const differs =
    (wanted.port !== undefined && gateway !== undefined && gateway.port !== wanted.port) ||
    (wanted.host !== undefined && gateway !== undefined && gateway.hostname !== wanted.host) ||
    (wanted['api-port'] !== undefined && new URL(apiUrl).port !== wanted['api-port']);
  if (!differs) return;
  throw new SpellError(
    'running',
    `it runs already, at ${gatewayUrl ?? apiUrl} with its API at ${apiUrl}`,
    'take it down first: spell down, then spell up with the new address',
  );
}

function readPort(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port > 0 && port < 65_536) return String(port);
  throw new SpellError('usage', `${flag}: ${JSON.stringify(text)} is no port`, 'write a number from 1 to 65535');
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
