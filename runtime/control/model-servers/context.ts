import { SpellError } from '../../api/errors.ts';
import type { LimitsEnforcement } from '../../api/limits.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import type { EndpointCertificate } from '../../api/objects.ts';
import type { ObservedModelServer, ServerKey } from '../../platform/platform.ts';
import type { Measured } from '../autoscaling/meter.ts';
import type { Events } from '../events.ts';
import type { Models } from '../models.ts';
import type { Shortage } from '../placement/place.ts';
import type { Author, Resources } from '../resources.ts';
import type { Contents } from '../store/contents.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RolloutRecord } from '../store/rollouts-table.ts';
import type { Store } from '../store/store.ts';

/** What the verbs of model servers work with. */
export interface ModelServerContext {
  store: Store;
  contents: Contents;
  models: Models;
  resources: Resources;
  events: Events;
  author: Author;
  /** What the platform shows of a model server; null while it shows nothing at all. */
  observed: (key: ServerKey) => ObservedModelServer | null;
  /** The node groups that pods can run in. */
  nodeGroups: () => Promise<readonly string[]>;
  /** Why not all pods of a revision have a place; undefined when they have. */
  shortage: (key: ServerKey, revision: number) => Shortage | undefined;
  /** How the platform keeps pods within their limits; null while that is not known, or where something else does. */
  limits: () => LimitsEnforcement | null;
  /** The endpoint's address, without a slash at its end. Rejects when the platform does not come up. */
  endpoint: { known: () => string | null; certificate: EndpointCertificate | null; wait: () => Promise<string> };
  /** The stored state of a model server was changed: the platform has to be told. Resolves when it was, or did not take it. */
  changed: (key: ServerKey) => Promise<void>;
  /** What its metrics were when the autoscaler looked last; null where nothing scales. */
  measured: (key: ServerKey) => Measured | null;
}

/** A model server and its last rollout, which every model server has had. */
export interface Found {
  server: ModelServerRecord;
  rollout: RolloutRecord;
}

/** How people and events name a model server. */
export function objectOf({ owner, name }: ServerKey): string {
  return `${owner}/${name}`;
}

/** Reads a model server; undefined when there is none, also while one is being removed. */
export function lookUp({ store }: ModelServerContext, key: ServerKey): Found | undefined {
  const server = store.modelServers.get(key);
  const rollout = server && store.rollouts.last(key);
  return server === undefined || rollout === undefined || server.lifecycle === 'removing' ? undefined : { server, rollout };
}

/** Reads a model server. Throws `not-found`, with names that are near. */
export function find(context: ModelServerContext, key: ServerKey): Found {
  const found = lookUp(context, key);
  if (found) return found;
  const existing = context.store.modelServers
    .all()
    .flatMap(({ owner, name, lifecycle }) => (owner === key.owner && lifecycle !== 'removing' ? [name] : []));
  const hint = nearNamesHint(key.name, existing) ?? 'there is none yet: spell server serve MODEL ENTRYPOINT';
  const whose = key.owner === 'local' ? '' : ` of ${JSON.stringify(key.owner)}`;
  throw new SpellError('not-found', `there is no model server ${JSON.stringify(key.name)}${whose}`, hint);
}

/** The revision that a change builds on: the newest that its user wants and that has not failed, else the one that never got ready. */
export function baseRevision({ server, rollout }: Found): number {
  if (server.pending !== null) return server.pending;
  if (server.lifecycle === 'running' && rollout.state === 'progressing') return rollout.revision;
  return server.active ?? rollout.revision;
}

/** Whether it has no pods and should have none: it was stopped, or its first rollout failed. */
export function isAtRest({ server, rollout }: Found): boolean {
  return server.lifecycle !== 'running' || (server.active === null && rollout.state === 'failed');
}
