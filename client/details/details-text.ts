import type { SpellEvent } from '../../runtime/api/events.ts';
import { metricsCells, showGpus } from '../../runtime/api/metrics-cells.ts';
import { mountOf, mountsOf } from '../../runtime/api/mounts.ts';
import type { MetricsPoint, ModelServer, Revision } from '../../runtime/api/objects.ts';
import { placeToBlame } from '../../runtime/api/place-to-blame.ts';
import { podsReady } from '../../runtime/api/pods-ready.ts';
import { scalingLines } from '../../runtime/api/scaling-lines.ts';
import { seriesOver } from '../../runtime/api/series-over.ts';
import { shownSeries } from '../../runtime/api/series-text.ts';
import { shownMs } from '../../runtime/api/shown-ms.ts';
import type { RequestRecord } from '../../runtime/api/traffic.ts';
import { shownState } from '../inventory/shown-state.ts';

export interface Details {
  server: ModelServer;
  /** Newest first. */
  revisions: readonly Revision[];
  /** The last ones, newest first, as they were when the document was written. */
  requests: readonly RequestRecord[];
  /** What it did in the last minutes, newest first, as it was when the document was written. */
  metrics: readonly MetricsPoint[];
  /** Oldest first. */
  events: readonly SpellEvent[];
}

/** All about a model server as a Markdown document: what is wrong comes first, then how to use it, then what it is. Pure. */
export function detailsText({ server, revisions, requests, metrics, events }: Details): string {
  const {
    name,
    owner,
    url,
    curl,
    pods,
    revision,
    spec,
    podList,
    batching,
    scaling,
    limits = [],
    models,
    python,
    createdAt,
    creator,
  } = server;
  const withGpus = showGpus(metrics);
  const sections = [
    `# ${owner === 'local' ? name : `${owner}/${name}`}: ${shownState(server)}`,
    problem(server),
    rolloutLines(server),
    [`${podsReady(pods.ready, pods.total)}, revision ${revision}, created ${time(createdAt)} by ${creator}`].join('\n'),
    ['## Endpoint', `${url}/predict`, fenced('sh', curl)].join('\n\n'),
    table(
      'Pods',
      ['Pod', 'State', 'Revision', 'Restarts', 'Processes', 'Reason'],
      podList.map((pod) => [
        pod.id,
        pod.state,
        String(pod.revision),
        String(pod.restarts),
        pod.workers.map(({ pid }) => pid).join(', '),
        pod.reason ?? '',
      ]),
    ),
    table(
      'Last minutes',
      [
        'Until',
        'Requests/s',
        'Failed',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'CPUs',
        'Memory',
        ...(withGpus ? ['GPUs', 'GPU memory'] : []),
        'Pods',
        'Waiting',
      ],
      metrics.map((each) => [time(each.time), ...metricsCells(each, withGpus)]),
    ),
    table(
      'Its own metrics',
      ['Metric', 'Type', ...metrics.map((each) => time(each.time))],
      seriesOver(metrics).map(({ series, values }) => [shownSeries(series), series.type, ...values.map((value) => String(value ?? ''))]),
    ),
    table(
      'Last requests',
      ['Ended', 'Id', 'Status', 'Cause', 'Milliseconds', 'of these queued', 'predict', 'Pod'],
      requests.map((each) => [
        time(each.time),
        each.id,
        String(each.status),
        each.cause,
        shownMs(each.totalMs),
        shownMs(each.queueMs),
        shownMs(each.predictMs),
        each.pod ?? '-',
      ]),
    ),
    batching ? `## Batching\n\n${batching.policy}: ${batching.why}; at most ${batching.maxBatchSize} requests a batch` : '',
    scaling ? ['## Scaling', scalingLines(scaling).join('; ')].join('\n\n') : '',
    limits.length > 0 ? ['## Limits', limits.join('; ')].join('\n\n') : '',
    table(
      'Mounts',
      ['Path', 'Resource'],
      mountsOf(server)
        .map(mountOf)
        .map(({ path, resource }) => [`/mounts/${path}`, resource]),
    ),
    table(
      'Settings',
      ['Setting', 'Value'],
      [
        ...(models.length > 0 ? [['models', models.join(', ')]] : []),
        ...(python === null ? [] : [['interpreter', python]]),
        ...Object.entries(spec).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
      ],
    ),
    table(
      'Revisions',
      ['Revision', 'State', 'Created', 'Creator', 'Changes', 'Reason'],
      revisions.map((each) => [
        String(each.revision),
        each.state,
        time(each.createdAt),
        each.creator,
        each.changes.join('; '),
        each.reason ?? '',
      ]),
    ),
    events.length > 0 ? ['## Last events', ...[...events].reverse().map((each) => `- ${time(each.time)} ${each.message}`)].join('\n') : '',
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function problem(server: ModelServer): string {
  const { reason, failure } = server;
  if (reason === null) return '';
  const waits = 'it starts by itself once there is room: stop what takes it, or update it so that it requests less';
  const hint = shownState(server) === 'unschedulable' ? waits : failure?.hint;
  const place = placeToBlame(failure);
  const lines = [reason, ...(place === null ? [] : [`in ${place}`]), ...(hint ? [`→ ${hint}`] : [])];
  return lines.map((line) => `> ${line}`).join('  \n');
}

/** A rollout that is under way, or that failed while the old revision goes on answering. */
function rolloutLines({ rollout, reason }: ModelServer): string {
  if (!rollout || rollout.state === 'complete' || rollout.state === 'superseded') return '';
  const head = `## Rollout of revision ${rollout.revision}: ${rollout.state}`;
  const hint = rollout.failure?.hint;
  const why = rollout.reason === reason ? [] : [rollout.reason, placeToBlame(rollout.failure), hint].filter((line) => line);
  return [
    head,
    rollout.state === 'failed' ? '' : (rollout.stage ?? ''),
    why.join('\n\n'),
    rollout.log.length > 0 ? fenced('', rollout.log.join('\n')) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The fence is longer than any in the text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** To the second, in UTC: the text must not change while nothing happens. */
function time(text: string): string {
  return text.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}
