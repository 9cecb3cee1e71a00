import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Status } from '../../runtime/api/objects.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Subscription } from '../emitter.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { gatherFacts } from './facts.ts';

/** Several things that happen at once are told once, after this many milliseconds. */
const coalesceMs = 200;

/** The control plane to follow, what the window knows of it, and whom to tell. */
export interface Following {
  controlPlane: Pick<ControlPlane, 'state' | 'onDidChange'>;
  inventory: Inventory;
  /** Called with everything whenever something changed, and with null when no control plane runs any more. */
  tell(facts: ControlPlaneFacts | null): void;
}

/**
 * Tells what the window's control plane has, now and after every burst of changes of the inventory, which asks about nothing but
 * what changed. Starts nothing; while the control plane is away for a moment what was told last holds.
 */
export function followControlPlane({ controlPlane, inventory, tell }: Following): Subscription {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  let ended = false;
  const statusNow = (): Status | undefined => (!ended && controlPlane.state.kind === 'ready' ? controlPlane.state.status : undefined);
  const gather = async (): Promise<void> => {
    timer = undefined;
    const status = statusNow();
    const facts = status && (await gatherFacts(status, inventory));
    if (facts && statusNow()) tell(facts);
  };
  const soon = (): void => {
    timer ??= setTimeout(() => {
      // One after the other: what comes of the reading itself is told once, when all is read.
      last = last.then(gather);
    }, coalesceMs);
  };
  const subscriptions = [
    ...[inventory.models, inventory.modelServers, inventory.resources].map((listing) => listing.onDidChange(soon)),
    controlPlane.onDidChange(({ kind }) => {
      if (kind === 'ready') soon();
      else if (kind !== 'starting' && kind !== 'lost') tell(null);
    }),
  ];
  if (controlPlane.state.kind === 'ready') soon();
  return {
    dispose: () => {
      ended = true;
      clearTimeout(timer);
      for (const each of subscriptions) each.dispose();
    },
  };
}
