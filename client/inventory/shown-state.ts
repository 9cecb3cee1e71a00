import type { ModelServerState } from '../../runtime/api/objects.ts';
import { isBeginning, isDescribed, type ModelServerEntry } from './inventory.ts';

/** How a model server stands for who looks at it. `unschedulable`: its first revision waits for room, and until somebody makes some. */
export type ShownState = ModelServerState | 'unschedulable';

/** The control plane's states (`spec/behaviour.md` §4) have no word for what waits for room: it is `created` there. Pure. */
export function shownState(entry: ModelServerEntry): ShownState {
  return isBeginning(entry) && waitingPod(entry) !== undefined ? 'unschedulable' : entry.state;
}

/** Why a pod has no place, where one has none. */
export function whyNoRoom(entry: ModelServerEntry): string | null {
  return waitingPod(entry)?.reason ?? null;
}

function waitingPod(entry: ModelServerEntry): { reason: string | null } | undefined {
  return isDescribed(entry) ? entry.podList.find(({ state }) => state === 'unschedulable') : undefined;
}

/** States that somebody should look at. */
export function isUnwell(entry: ModelServerEntry): boolean {
  const state = shownState(entry);
  return state === 'failing' || state === 'failed' || state === 'unschedulable';
}
