import type { RevisionSpec } from '../../platform/platform.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { Store } from '../store/store.ts';
import { objectOf } from './context.ts';

/** The model servers that run a model version or are about to, for the refusal of its removal: `local/digits (revision 3)`. */
export function usersOfModel(store: Store, model: string, version: number | undefined): string[] {
  return usersOf(store, ({ models }) =>
    models.some((pin) => pin.name === model && (version === undefined || pin.version === `v${version}`)),
  );
}

/** The model servers that have a resource (`uploads/NAME`) mounted, or some of it. */
export function usersOfResource(store: Store, path: string): string[] {
  return usersOf(store, ({ mounts = [] }) => mounts.some(({ resource }) => `${resource}/`.startsWith(`${path}/`)));
}

function usersOf(store: Store, uses: (spec: RevisionSpec) => boolean): string[] {
  return store.modelServers.all().flatMap((server) =>
    revisionsInUse(store, server).flatMap((revision) => {
      const spec = store.revisions.get(server, revision)?.spec;
      return spec && uses(spec) ? [`${objectOf(server)} (revision ${revision})`] : [];
    }),
  );
}

/** The revisions that a model server answers with, is rolling out, or would start with. */
export function revisionsInUse(store: Store, server: ModelServerRecord): number[] {
  const rollout = store.rollouts.last(server);
  const inUse = new Set([server.active, server.pending, rollout?.state === 'progressing' ? rollout.revision : null]);
  return [...inUse].filter((revision) => revision !== null);
}
