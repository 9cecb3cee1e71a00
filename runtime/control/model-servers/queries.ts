import { batchingOf } from '../../api/batching.ts';
import { SpellError } from '../../api/errors.ts';
import { limitLines } from '../../api/limits.ts';
import type { CodeSnapshot, EndpointCertificate, ModelServer, ModelServerSummary, Pod, Revision } from '../../api/objects.ts';
import { scalingNotice, scalingOf, scalingTargets } from '../../api/scaling.ts';
import type { EffectiveSettings, Settings } from '../../api/settings.ts';
import type { ObservedModelServer, RevisionSpec, ServerKey } from '../../platform/platform.ts';
import type { Measured } from '../autoscaling/meter.ts';
import { podsWanted } from '../autoscaling/pods-wanted.ts';
import { maskSettings } from '../masked.ts';
import { conditionOf } from '../rollout/server-state.ts';
import type { RevisionRecord } from '../store/revisions-table.ts';
import { type Found, find, lookUp, type ModelServerContext, objectOf } from './context.ts';

/** All model servers that people can see, by owner and name. */
export function list(context: ModelServerContext): ModelServerSummary[] {
  return context.store.modelServers.all().flatMap((server) => {
    const found = lookUp(context, server);
    return found ? [summary(context, found)] : [];
  });
}

/** Throws `not-found`, as all of these do. */
export function describe(context: ModelServerContext, key: ServerKey): ModelServer {
  const found = find(context, key);
  const { server, rollout } = found;
  const observed = context.observed(key);
  const short = summary(context, found);
  const { spec, servedFrom } = shownRevision(context, found);
  const { reason, failure } = conditionOf(server, rollout, observed);
  const seen = observed?.revisions.find(({ revision }) => revision === short.revision);
  const preparing = observed?.revisions.find(({ revision }) => revision === rollout.revision)?.preparing;
  return {
    ...short,
    curl: curlLine(short.url, context.endpoint.certificate),
    reason: reason ?? shortReason(context, key, short.revision),
    failure,
    rollout: {
      state: rollout.state,
      revision: rollout.revision,
      reason: rollout.reason,
      stage: (rollout.state === 'progressing' ? preparing : null) ?? rollout.stage,
      failure: rollout.failure,
      log: rollout.log,
      servedFrom: context.store.revisions.get(key, rollout.revision)?.servedFrom ?? null,
    },
    spec: shownSpec(server.name, spec),
    batching: batchingOf(spec.settings),
    scaling: shownScaling(spec.settings, context.measured(key), () => context.store.events.newest(objectOf(server), 'server.scaled')),
    limits: limitLines(spec.settings, context.limits()),
    paths: seen?.paths ?? null,
    python: seen?.python ?? null,
    servedFrom,
    creator: server.creator,
    podList: pods(context, key),
  };
}

/** Those that are there, and those that wait for a place. */
export function pods(context: ModelServerContext, key: ServerKey): Pod[] {
  find(context, key);
  return [...podsOf(context.observed(key)), ...context.store.revisions.all(key).flatMap((record) => waitingPods(context, key, record))];
}

/** Pods that have no place have no id of a platform's either. */
function waitingPods(context: ModelServerContext, key: ServerKey, { revision, createdAt }: RevisionRecord): Pod[] {
  const shortage = context.shortage(key, revision);
  return Array.from({ length: shortage?.pods ?? 0 }, (_, index) => ({
    id: `${key.name}-${revision}-waiting-${index + 1}`,
    revision,
    state: 'unschedulable',
    reason: shortage?.reason ?? null,
    createdAt,
    readyAt: null,
    restarts: 0,
    workers: [],
  }));
}

/** Throws `conflict` for a pod that waits for a place: it has printed nothing, and will under another id. */
export function refuseWaitingPod(context: ModelServerContext, key: ServerKey, pod: string): void {
  const waiting = pods(context, key).find(({ id, state }) => id === pod && state === 'unschedulable');
  if (!waiting) return;
  throw new SpellError(
    'conflict',
    `the pod ${pod} has printed nothing yet: it waits for room, because ${waiting.reason}`,
    `when it starts it gets an id of its own; see it then with: spell server logs ${key.name} -f`,
  );
}

function shortReason(context: ModelServerContext, key: ServerKey, revision: number): string | null {
  const shortage = context.shortage(key, revision);
  return shortage ? `${shortage.pods} ${shortage.pods === 1 ? 'pod is' : 'pods are'} unschedulable: ${shortage.reason}` : null;
}

/** Newest first. */
export function revisions(context: ModelServerContext, key: ServerKey): Revision[] {
  find(context, key);
  const failures = context.store.rollouts.failures(key);
  return context.store.revisions.all(key).map(({ revision, state, createdAt, creator, changes }) => {
    const reason = state === 'failed' ? (failures.get(revision) ?? null) : null;
    return { revision, state, createdAt, creator, changes, reason };
  });
}

/** Null for a model server without a target. */
function shownScaling(
  settings: EffectiveSettings,
  measured: Measured | null,
  last: () => { time: string; message: string } | null,
): ModelServer['scaling'] {
  const scaling = scalingOf(settings);
  const current = { 'target-requests-per-second': measured?.requestsPerSecond ?? null, 'target-cpu-utilization': measured?.cpu ?? null };
  const targets = scalingTargets.flatMap((setting) => {
    const target = settings[setting];
    return target === undefined ? [] : [{ setting, target, current: current[setting] }];
  });
  if (targets.length === 0) return null;
  return { minPods: scaling.min, maxPods: scaling.max, targets, notice: scalingNotice(scaling), last: last() };
}

/** Throws `not-found` also for a revision that there is not. */
export function revisionCode(context: ModelServerContext, key: ServerKey, revision: number): CodeSnapshot {
  find(context, key);
  const record = context.store.revisions.get(key, revision);
  if (!record) {
    const hint = `its revisions: spell server revisions ${key.name}`;
    throw new SpellError('not-found', `the model server ${key.name} has no revision ${revision}`, hint);
  }
  const { spec, servedFrom } = record;
  const { entrypoint, manifest } = spec.code;
  return { entrypoint, files: context.contents.manifest(manifest), ...(servedFrom === null ? {} : { servedFrom }) };
}

/** What a person can paste into a shell. A certificate that nobody else vouches for has to be named. */
function curlLine(url: string, certificate: EndpointCertificate | null): string {
  const trust = certificate?.selfSigned ? `--cacert ${shellWord(certificate.file)} ` : '';
  return `curl ${trust}${url}/predict -H 'content-type: application/json' -d '{}'`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function summary(context: ModelServerContext, found: Found): ModelServerSummary {
  const { server, rollout } = found;
  const { owner, name, createdAt } = server;
  const { revision, spec } = shownRevision(context, found);
  const observed = context.observed(server);
  const mine = observed?.revisions.find((each) => each.revision === revision)?.pods ?? [];
  const { state } = conditionOf(server, rollout, observed);
  const total = state === 'stopped' || state === 'stopping' ? podsOf(observed).length : podsWanted(server, spec.settings);
  return {
    name,
    owner,
    state,
    url: `${context.endpoint.known() ?? ''}/${owner}/${name}`,
    pods: { ready: mine.filter((pod) => pod.state === 'ready').length, total },
    revision,
    models: spec.models.map((pin) => `${pin.name}:${pin.version}`),
    createdAt,
  };
}

/** The revision that answers, or the one that is to answer first. */
function shownRevision({ store }: ModelServerContext, { server, rollout }: Found): RevisionRecord {
  const number = server.active ?? server.pending ?? rollout.revision;
  const record = store.revisions.get(server, number);
  if (!record) throw new Error(`revision ${number} of ${objectOf(server)} is not stored`);
  return record;
}

function podsOf(observed: ObservedModelServer | null): Pod[] {
  return observed?.revisions.flatMap(({ revision, pods: seen }) => seen.map((pod) => ({ ...pod, revision }))) ?? [];
}

function shownSpec(name: string, { settings, models }: RevisionSpec): ModelServer['spec'] {
  const pinned: Settings = {
    ...settings,
    'server-name': name,
    ...(models.length > 0 && { model: models.map((pin) => `${pin.name}:${pin.version}`) }),
  };
  return maskSettings(pinned) as ModelServer['spec'];
}
