import { SpellError } from '../../../api/errors.ts';
import { readPosition } from '../../../api/log-position.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { MetricsHistory } from '../../metrics-history/metrics-history.ts';
import { find, type ModelServerContext } from '../../model-servers/context.ts';
import { previewServe, previewUpdate } from '../../model-servers/preview.ts';
import { describe, list, pods, refuseWaitingPod, revisionCode, revisions } from '../../model-servers/queries.ts';
import { remove } from '../../model-servers/remove.ts';
import { rollback } from '../../model-servers/rollback.ts';
import { serve } from '../../model-servers/serve.ts';
import { start, stop } from '../../model-servers/stop-and-start.ts';
import { summarizeTraffic } from '../../model-servers/traffic.ts';
import { update } from '../../model-servers/update.ts';
import type { Handlers } from '../handlers.ts';
import { wholeNumber } from '../whole-number.ts';

type Verbs = 'serve' | 'update' | 'previewServe' | 'previewUpdate' | 'stop' | 'start' | 'rollback' | 'removeModelServer';
type Queries =
  | 'listModelServers'
  | 'describeModelServer'
  | 'listPods'
  | 'listRevisions'
  | 'describeRevisionCode'
  | 'traffic'
  | 'metricsHistory'
  | 'listRequests'
  | 'listBatches'
  | 'logs';

export function modelServersHandlers(
  context: ModelServerContext,
  platform: Platform,
  history: Pick<MetricsHistory, 'points'>,
): Pick<Handlers, Verbs | Queries> {
  return {
    serve: ({ body }) => serve(context, body),
    update: ({ params, body }) => update(context, params, body),
    previewServe: ({ body }) => previewServe(context, body),
    previewUpdate: ({ params, body }) => previewUpdate(context, params, body),
    stop: ({ params }) => stop(context, params),
    start: ({ params }) => start(context, params),
    rollback: ({ params, body }) => rollback(context, params, body),
    removeModelServer: async ({ params, query }) => {
      await remove(context, params, query.force === 'true');
      return null;
    },
    listModelServers: () => list(context),
    describeModelServer: ({ params }) => describe(context, params),
    listPods: ({ params }) => pods(context, params),
    listRevisions: ({ params }) => revisions(context, params),
    describeRevisionCode: ({ params }) => revisionCode(context, params, wholeNumber(params.revision, 'revision')),
    traffic: async ({ params }) => {
      find(context, params);
      const observed = await platform.traffic(params);
      return observed && summarizeTraffic(observed);
    },
    metricsHistory: ({ params, query: { range = '900', step = '5' } }) => {
      find(context, params);
      return history.points(params, 1000 * wholeNumber(range, 'number of seconds'), 1000 * wholeNumber(step, 'number of seconds'));
    },
    listRequests: async ({ params, query }) => {
      find(context, params);
      return newest(await platform.requests(params), query.last);
    },
    listBatches: async ({ params, query }) => {
      find(context, params);
      return newest(await platform.batches(params), query.last);
    },
    logs: ({ params, query, signal }) => {
      find(context, params);
      const { pod, tail, since, follow } = query;
      if (pod !== undefined) refuseWaitingPod(context, params, pod);
      return platform.logs({
        owner: params.owner,
        name: params.name,
        ...(pod === undefined ? {} : { pod }),
        ...(tail === undefined ? {} : { tail: wholeNumber(tail, 'number of lines') }),
        ...(since === undefined ? {} : { since: logPosition(since) }),
        follow: follow === 'true',
        signal,
      });
    },
  };
}

function logPosition(since: string): string {
  const position = readPosition(since);
  if (position !== undefined) return position;
  const hint = 'write the `position` of a line, or a time as 2026-01-31T12:00:00Z';
  throw new SpellError('bad-request', `${JSON.stringify(since)} is neither the position of a line nor a time`, hint);
}

/** The first of what stands newest first. */
function newest<T>(records: T[], last: string | undefined): T[] {
  return last === undefined ? records : records.slice(0, wholeNumber(last, 'number of records'));
}
