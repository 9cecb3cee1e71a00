import { SpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Operation } from '../../runtime/api/objects.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';

/** Work to begin, and how its end is known. */
export interface Awaited<T> {
  begin(): Promise<Operation>;
  /** The outcome where there is nothing to wait for; undefined where there is. */
  settled(operation: Operation): T | undefined;
  /** What an event says; undefined as long as that is not the end. */
  read(event: SpellEvent, operation: Operation): T | undefined;
}

/**
 * Begins some work and reads the events after it until one tells the end. It listens to the one stream of the window, from
 * before the work begins, so that nothing is missed; a control plane that is away for a moment is waited for with it.
 *
 * Rejects with what `begin` rejects with, and with `not-running` when the control plane was taken down meanwhile.
 */
export async function awaitEvents<T>(
  { onEvent, onDidChange }: Pick<ControlPlane, 'onEvent' | 'onDidChange'>,
  { begin, settled, read }: Awaited<T>,
): Promise<{ operation: Operation; outcome: T }> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  // Nobody may be waiting yet when it fails.
  promise.catch(() => {});
  const early: SpellEvent[] = [];
  let hear = (event: SpellEvent): void => void early.push(event);
  const subscriptions = [
    onEvent((event) => hear(event)),
    onDidChange(({ kind }) => {
      if (kind === 'stopped')
        reject(new SpellError('not-running', 'the control plane was stopped meanwhile', 'start it again, and look how far it came'));
    }),
  ];
  try {
    const operation = await begin();
    const already = settled(operation);
    if (already !== undefined) return { operation, outcome: already };
    hear = (event) => {
      const outcome = event.seq > operation.since ? read(event, operation) : undefined;
      if (outcome !== undefined) resolve(outcome);
    };
    for (const event of early) hear(event);
    return { operation, outcome: await promise };
  } finally {
    for (const each of subscriptions) each.dispose();
  }
}
