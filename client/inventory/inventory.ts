import { SpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import { parseResourceRef } from '../../runtime/api/names.ts';
import type {
  Environment,
  ModelServer,
  ModelServerSummary,
  ModelSummary,
  ModelVersion,
  Resource,
  ResourceDetail,
} from '../../runtime/api/objects.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { concernedBy } from './concerned.ts';
import { Listing } from './listing.ts';

/** A model; its versions, newest first, once somebody looked at them. */
export type ModelEntry = ModelSummary & { versions?: ModelVersion[] };
/** A model server; all of `describe` once somebody looked at it, or something happened to it. */
export type ModelServerEntry = ModelServerSummary | ModelServer;
/** An upload; its files once somebody looked at them. */
export type ResourceEntry = Resource | ResourceDetail;

/** `OWNER/NAME`, as events name a model server. */
export function modelServerKey({ owner, name }: { owner: string; name: string }): string {
  return `${owner}/${name}`;
}

/** Whether a model server was read in all detail. */
export function isDescribed(entry: ModelServerEntry): entry is ModelServer {
  return 'podList' in entry;
}

/** Whether its first revision is on its way, of which only a description tells whether it waits for room. */
export function isBeginning({ state }: Pick<ModelServerEntry, 'state'>): boolean {
  return state === 'requested' || state === 'created' || state === 'starting';
}

/** Whether the versions of a model were read. */
export function hasVersions(entry: ModelEntry): entry is Required<ModelEntry> {
  return entry.versions !== undefined;
}

/** Whether the files of a resource were read. */
export function hasEntries(entry: ResourceEntry): entry is ResourceDetail {
  return 'entries' in entry;
}

/**
 * What the control plane has, in memory: read once when somebody first looks, and from then on what its events tell of.
 * The one source of every view; nothing is asked again and again.
 */
export class Inventory {
  readonly models: Listing<ModelEntry>;
  readonly modelServers: Listing<ModelServerEntry>;
  readonly resources: Listing<ResourceEntry>;
  readonly environments: Listing<Environment>;
  readonly #subscriptions: { dispose(): void }[];

  constructor(client: Client, controlPlane: Pick<ControlPlane, 'onDidChange' | 'onEvent'>) {
    this.models = new Listing<ModelEntry>({
      list: (signal) => client.listModels({ signal }),
      one: async (name, signal) => toModelEntry(name, await client.describeModel({ name, signal })),
      keyOf: ({ name }) => name,
    });
    this.modelServers = new Listing<ModelServerEntry>({
      // A list does not tell whether what begins waits for room, of which there may be no event any more.
      list: async (signal) => {
        const list = await client.listModelServers({ signal });
        const described = (each: ModelServerSummary): Promise<ModelServerEntry> =>
          client.describeModelServer({ owner: each.owner, name: each.name, signal }).catch(() => each);
        return Promise.all(list.map((each) => (isBeginning(each) ? described(each) : each)));
      },
      one: (key, signal) => client.describeModelServer({ ...splitKey(key), signal }),
      keyOf: modelServerKey,
    });
    this.resources = new Listing<ResourceEntry>({
      list: (signal) => client.listResources({ signal }),
      one: (path, signal) => client.describeResource({ ...splitResource(path), signal }),
      keyOf: ({ path }) => path,
    });
    this.environments = new Listing<Environment>({
      list: (signal) => client.listEnvironments({ signal }),
      one: async (id, signal) => {
        const found = (await client.listEnvironments({ signal })).find((each) => each.id === id);
        if (!found) throw new SpellError('not-found', `there is no environment ${id}`);
        return found;
      },
      keyOf: ({ id }) => id,
    });
    let wasReady = false;
    this.#subscriptions = [
      controlPlane.onEvent((event) => this.#hear(event)),
      controlPlane.onDidChange(({ kind }) => {
        if (kind === 'ready') {
          // Events that were missed meanwhile come again, but a home may have been emptied or replaced.
          if (wasReady) this.#readAgain();
          wasReady = true;
        }
        if (kind === 'stopped' || kind === 'failed' || kind === 'absent') for (const listing of this.#listings()) listing.forget();
      }),
    ];
  }

  dispose(): void {
    for (const each of [...this.#subscriptions, ...this.#listings()]) each.dispose();
  }

  #listings(): Listing<unknown>[] {
    return [this.models, this.modelServers, this.resources, this.environments] as Listing<unknown>[];
  }

  /** What was never read stays unread; the rest is read anew. */
  #readAgain(): void {
    for (const listing of this.#listings()) if (listing.state !== 'unread') void listing.read();
  }

  #hear(event: SpellEvent): void {
    for (const concerned of concernedBy(event)) {
      if (concerned === 'everything') this.#readAgain();
      else if (concerned === 'environments') this.environments.markAll();
      else this[concerned.list].mark(concerned.key);
    }
  }
}

function toModelEntry(name: string, versions: ModelVersion[]): ModelEntry {
  const newest = versions[0];
  return {
    name,
    latestVersion: { number: newest?.version ?? 0, custom: newest?.custom ?? null },
    createdAt: newest?.createdAt ?? '',
    creator: newest?.creator ?? '',
    versions,
  };
}

function splitKey(key: string): { owner: string; name: string } {
  const slash = key.indexOf('/');
  return { owner: key.slice(0, slash), name: key.slice(slash + 1) };
}

function splitResource(path: string): { kind: string; name: string } {
  const { kind, name } = parseResourceRef(path) ?? { kind: 'uploads', name: path };
  return { kind, name };
}
