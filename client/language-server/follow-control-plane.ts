import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Subscription } from '../emitter.ts';
import { gatherFacts } from './facts.ts';

/** Several things that happen at once are told once, after this many milliseconds. */
const coalesceMs = 200;

/** The control plane to follow, and whom to tell. */
export interface Following {
  controlPlane: Pick<ControlPlane, 'state' | 'current' | 'onDidChange' | 'onEvent'>;
  /** Called with everything whenever something changed, and with null when no control plane runs any more. */
  tell(facts: ControlPlaneFacts | null): void;
}

/** Tells what the window's control plane has, now and after every burst of events. Starts nothing; while it is away for a moment what was told last holds. */
export function followControlPlane({ controlPlane, tell }: Following): Subscription {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const gather = async (): Promise<void> => {
    timer = undefined;
    const facts = await controlPlane
      .current()
      .then((client) => gatherFacts(client))
      .catch(() => undefined);
    if (facts && !ended) tell(facts);
  };
  const soon = (): void => {
    timer ??= setTimeout(() => void gather(), coalesceMs);
  };
  const subscriptions = [
    controlPlane.onEvent(({ type }) => /^(?:resource|model|server|rollout|pod)\./.test(type) && soon()),
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
