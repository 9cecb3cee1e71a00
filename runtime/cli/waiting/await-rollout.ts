import { SpellError } from '../../api/errors.ts';
import type { SpellEvent } from '../../api/events.ts';
import type { Client } from '../../api/http/client-types.ts';
import { followEvents } from '../../api/http/follow.ts';
import type { ModelServer, Operation } from '../../api/objects.ts';
import { placeToBlame } from '../../api/place-to-blame.ts';
import { type RolloutOutcome, RolloutReader } from '../../api/rollout-outcome.ts';
import type { Context } from '../context.ts';

/** A model server by its path in the API. */
export interface ServerPath {
  owner: string;
  name: string;
}

/**
 * Waits until an operation has rolled out its revision, telling the stages, and returns the model server as it is then.
 * A control plane that goes away meanwhile is waited for.
 *
 * Throws `rollout-failed` with the reason and the line to blame, after printing the last lines of the log; `interrupted`
 * on Ctrl-C, which leaves the rollout going.
 */
export async function awaitRollout(context: Context, client: Client, operation: Operation): Promise<ModelServer> {
  const { owner, name } = operation.modelServer;
  const { revision } = operation;
  if (revision === null) return operation.modelServer;
  const reader = new RolloutReader({ object: `${owner}/${name}`, revision });
  const signal = context.interruption();
  const outcome = await followUntil(context, client, operation.since, signal, (event) => {
    if (reader.concerns(event)) context.terminal.say(stageLine(context, event));
    return reader.read(event);
  }).catch((error) => Promise.reject(signal.aborted ? interrupted(operation, revision) : error));
  const described = await (await context.controlPlane.awaitReturn()).describeModelServer({ owner, name }).catch((error) => {
    if (outcome.ended === 'failed') return undefined;
    throw error;
  });
  if (outcome.ended === 'failed' || !described) throw rolloutFailed(context, { owner, name }, revision, outcome, described);
  return described;
}

/** Waits until a model server that was told to stop has no pods any more. Ctrl-C leaves it stopping. */
export async function awaitStop(context: Context, client: Client, operation: Operation): Promise<void> {
  const { owner, name } = operation.modelServer;
  if (!operation.operation.startsWith('stop/')) return;
  const signal = context.interruption();
  await followUntil(context, client, operation.since, signal, (event) => {
    if (event.object !== `${owner}/${name}`) return undefined;
    // Its end is for the command to tell.
    if (event.type !== 'server.stopped') context.terminal.say(stageLine(context, event));
    return event.type === 'server.stopped' || event.type === 'server.removed' || event.type === 'rollout.started' ? true : undefined;
  }).catch((error) => {
    if (!signal.aborted) throw error;
    throw new SpellError(
      'interrupted',
      `interrupted; ${name} goes on stopping`,
      `follow it: spell events -f, or spell server describe ${name}`,
    );
  });
}

/** Reads events until one gives an answer. */
async function followUntil<T>(
  context: Context,
  client: Client,
  since: number,
  signal: AbortSignal,
  read: (event: SpellEvent) => T | undefined,
): Promise<T> {
  const reconnect = (): Promise<Client> => context.controlPlane.awaitReturn(signal);
  for await (const event of followEvents({ client, since, signal, reconnect })) {
    const answer = read(event);
    if (answer !== undefined) return answer;
  }
  throw new SpellError('unreachable', 'the events ended before the rollout did', '`spell server describe` tells how it stands');
}

function stageLine({ terminal }: Context, { type, message }: SpellEvent): string {
  if (type === 'rollout.switched' || type === 'rollout.succeeded') return terminal.styleMessage('green', message);
  if (type === 'rollout.failed' || type === 'pod.unhealthy' || type === 'pod.unschedulable')
    return terminal.styleMessage('yellow', message);
  return type.startsWith('pod.') ? terminal.styleMessage('dim', message) : message;
}

function interrupted({ modelServer: { name } }: Operation, revision: number): SpellError {
  const undo = revision === 1 ? `spell server stop ${name}` : `spell server rollback ${name}`;
  return new SpellError(
    'interrupted',
    `interrupted; the rollout of revision ${revision} goes on`,
    `follow it: spell events -f, or spell server describe ${name}; undo it: ${undo}`,
  );
}

function rolloutFailed(
  { terminal, output }: Context,
  { name }: ServerPath,
  revision: number,
  outcome: RolloutOutcome,
  described: ModelServer | undefined,
): SpellError {
  const rollout = described?.rollout?.revision === revision ? described.rollout : undefined;
  const { message, failure = rollout?.failure } =
    outcome.ended === 'failed' ? outcome : { message: 'the model server is gone', failure: undefined };
  if (output === 'table') for (const line of rollout?.log ?? []) terminal.complain(`  ${line}`);
  const place = placeToBlame(failure);
  const named = place === null || message.includes(place) ? message : `${message} (${place})`;
  return new SpellError(
    'rollout-failed',
    `${name}: ${named}`,
    failure?.hint ?? `see: spell server describe ${name}, spell server logs ${name}`,
  );
}
