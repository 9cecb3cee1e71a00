import type { ModelServer, Pod, Rollout, StartFailure } from '../../../api/objects.ts';
import { placeToBlame } from '../../../api/place-to-blame.ts';
import { scalingLines } from '../../../api/scaling-lines.ts';
import { command } from '../../command.ts';
import { ago, localTime } from '../../terminal/ages.ts';
import { type Field, printFields } from '../../terminal/fields.ts';
import { printJson } from '../../terminal/json.ts';
import { align } from '../../terminal/table.ts';
import { trafficFields } from './traffic-fields.ts';

const pathsShown = {
  namespace: '/model and /mounts are really there, in a namespace of each worker',
  rewrite: '/model and /mounts are rewritten in the code of the project',
};

export const describe = command({
  name: 'server describe',
  summary: 'Shows all about a model server: its state, why, its settings, its pods, what became of its requests',
  arguments: { name: { doc: 'the model server' } },
  example: 'spell server describe cifar',
  run: async (context, { name }) => {
    const client = await context.controlPlane.connect();
    const key = { owner: context.owner, name };
    // A gateway that does not answer is a reason to describe a model server, not to refuse it.
    const [server, traffic] = await Promise.all([client.describeModelServer(key), client.traffic(key).catch(() => null)]);
    if (context.output === 'json') printJson(context, { ...server, traffic });
    else printFields(context.terminal, [...fieldsOf(server), ...trafficFields(traffic)]);
  },
});

function fieldsOf(server: ModelServer): Field[] {
  const {
    name,
    state,
    reason,
    failure,
    rollout,
    url,
    curl,
    models,
    pods,
    python,
    paths,
    createdAt,
    creator,
    spec,
    podList,
    batching,
    scaling,
    limits = [],
  } = server;
  return [
    ['Name', name],
    ['State', state],
    ...optional('Reason', reason),
    ...optional('Where', placeOf(failure)),
    ...optional('Hint', failure?.hint ?? null),
    ['URL', url],
    ['curl', curl],
    ...optional('Models', models.join(', ') || null),
    ['Revision', String(server.revision)],
    ...(rollout ? rolloutFields(rollout, reason) : []),
    ...optional('Python', python),
    ...(batching ? [['Batching', batchingLines(batching)] as const] : []),
    ...(scaling ? [['Scaling', scalingLines(scaling)] as const] : []),
    ...(limits.length > 0 ? [['Limits', limits] as const] : []),
    ...optional('Paths', paths === null ? null : pathsShown[paths]),
    ['Created', `${localTime(createdAt)} (${ago(createdAt)}) by ${creator}`],
    ['Settings', align(Object.entries(spec).map(([key, value]) => [key, shownValue(value)]))],
    ['Pods', [`${pods.ready}/${pods.total} ready`, ...podLines(podList)]],
  ];
}

function optional(label: string, value: string | null): Field[] {
  return value === null ? [] : [[label, value]];
}

/** `FILE:LINE` of the user's own file, which terminals and editors make a link of. */
function placeOf(failure: StartFailure | null): string | null {
  if (!failure?.file) return null;
  return failure.line === null ? failure.file : `${failure.file}:${failure.line}`;
}

/** A failed update has a reason of its own, since the model server itself runs; a first rollout's is the model server's, shown above. */
function rolloutFields({ state, revision, reason, failure, log }: Rollout, shownAbove: string | null): Field[] {
  const shown = `${state}, revision ${revision}`;
  const why = [reason, placeToBlame(failure), failure?.hint ?? null].filter((line) => line !== null);
  return [['Rollout', reason === shownAbove ? shown : [shown, ...why]], ...(log.length > 0 ? [['Log', log] as const] : [])];
}

function batchingLines({ policy, why, maxBatchSize, requestTimeout, isolation }: NonNullable<ModelServer['batching']>): string[] {
  const wait = requestTimeout === null ? '' : `, after ${requestTimeout} ms at the latest`;
  const failing = isolation ? 'of one that fails, only the guilty fail' : 'one that fails fails as a whole';
  return [`${policy}: ${why}`, `at most ${maxBatchSize} requests a batch${wait}; ${failing}`];
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function podLines(pods: readonly Pod[]): string[] {
  const hasGpus = pods.some(({ gpus }) => gpus !== undefined);
  return align(
    pods.map(({ id, revision, state, restarts, workers, gpus, reason }) => [
      id,
      `revision ${revision}`,
      state,
      `${restarts} restarts`,
      `pids ${workers.map(({ pid }) => pid).join(', ') || '-'}`,
      ...(hasGpus ? [`GPUs ${gpus?.join(', ') ?? '-'}`] : []),
      reason ?? '',
    ]),
  );
}
