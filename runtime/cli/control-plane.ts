import { SpellError } from '../api/errors.ts';
import type { Client } from '../api/http/client-types.ts';
import type { Status } from '../api/objects.ts';
import { version } from '../api/version.ts';
import type { ControlPlane, Programs } from './context.ts';

/** How long a command waits for a control plane that went away; one that crashed is back within 2 s. */
const returnWithinMs = 15_000;

export interface ControlPlaneOptions {
  /** What `--context` or `SPELL_CONTEXT` said. */
  chosen: string | undefined;
  env: NodeJS.ProcessEnv;
  home: string;
  programs: Programs;
  /** A line for people, beside whatever the command is about. */
  say(line: string): void;
}

/**
 * The control plane that a command talks to: this machine's (`local`), or the one that `SPELL_API_URL` names, which is
 * used wherever it is set unless another context is chosen. Connecting is put off until it is needed.
 */
export function chooseControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { chosen, env } = options;
  const remote = env.SPELL_API_URL ? hostOf(env.SPELL_API_URL) : undefined;
  const context = chosen || (remote ?? 'local');
  if (context === 'local') return localControlPlane(options);
  if (context === remote) return remoteControlPlane(context, env);
  const known = remote === undefined ? '`local`; SPELL_API_URL with SPELL_TOKEN names another one' : `\`local\` and \`${remote}\``;
  throw new SpellError('not-found', `there is no context ${JSON.stringify(context)}`, `the contexts are ${known}`);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function localControlPlane({ env, home, programs, say }: ControlPlaneOptions): ControlPlane {
  let connected: Promise<Client> | undefined;
  const opened = new Set<Client>();
  const keep = (client: Client): Client => {
    opened.add(client);
    return client;
  };
  const connect = async (): Promise<Client> => {
    const { findOrStart } = await import('../api/connect/connect.ts');
    const { client, status, started } = await findOrStart({ home, program: programs.spelld, node: programs.node, env });
    for (const line of worthSaying(status, started)) say(line);
    return keep(client);
  };
  return {
    context: 'local',
    isLocal: true,
    connect() {
      connected ??= connect();
      return connected;
    },
    reconnect() {
      connected = connect();
      return connected;
    },
    async find() {
      const { findControlPlane } = await import('../api/connect/find.ts');
      const found = await findControlPlane(home);
      if (found) return keep(found.client);
      throw new SpellError('not-running', `no control plane runs in ${home}`, 'start it: spell up (or any command that needs it)');
    },
    async awaitReturn(signal) {
      const { awaitReturn } = await import('../api/connect/connect.ts');
      return keep(await awaitReturn(home, returnWithinMs, signal));
    },
    close() {
      for (const client of opened) client.close();
    },
  };
}

/** What its user should know of a control plane: what it met when it was started, and that it is not of this build. */
function worthSaying(status: Status, started: boolean): string[] {
  if (started) return status.notices ?? [];
  if (status.version === version) return [];
  return [
    `the control plane that runs is version ${status.version}, this command ${version}; \`spell down\` and the next command change it`,
  ];
}

function remoteControlPlane(context: string, env: NodeJS.ProcessEnv): ControlPlane {
  let connected: Promise<Client> | undefined;
  const connect = async (): Promise<Client> => {
    const { connectTo } = await import('../api/connect/connect.ts');
    return connectTo(env.SPELL_API_URL ?? '', env.SPELL_TOKEN);
  };
  const once = (): Promise<Client> => {
    connected ??= connect();
    return connected;
  };
  return {
    context,
    isLocal: false,
    connect: once,
    find: once,
    awaitReturn: once,
    reconnect: once,
    close() {
      void connected?.then(
        (client) => client.close(),
        () => {},
      );
    },
  };
}
