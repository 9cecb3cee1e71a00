import { watch } from 'node:fs';
import { basename } from 'node:path';
import { findControlPlane } from '../../runtime/api/connect/find.ts';
import { homeLayout } from '../../runtime/api/home.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import { gatherFacts, type ServedFrom } from './facts.ts';

/** Several things that happen at once are told once, after this many milliseconds. */
const coalesceMs = 200;

/** The control plane to follow, and whom to tell. */
export interface Following {
  home: string;
  servedFrom: ServedFrom;
  /** Called with everything whenever something changed, and with null when no control plane answers any more. */
  tell(facts: ControlPlaneFacts | null): void;
}

/**
 * Follows what the control plane of a home has, for as long as one runs, and the next one after it. It is never started
 * by this, and never polled: its events tell of changes, and the file that it writes at its start tells of itself.
 */
export function followControlPlane({ home, servedFrom, tell }: Following): Disposable {
  const { spelldFile } = homeLayout(home);
  const ended = new AbortController();
  let running = false;
  const look = async (): Promise<void> => {
    if (running || ended.signal.aborted) return;
    running = true;
    const found = await findControlPlane(home);
    if (found) {
      await follow(found.client, servedFrom, tell, ended.signal).catch(() => {});
      found.client.close();
      if (!ended.signal.aborted) tell(null);
    }
    running = false;
  };
  // A home that nobody has used yet has no folder to watch: it is looked at again when the editor starts.
  let watcher: ReturnType<typeof watch> | undefined;
  try {
    watcher = watch(home, (_, name) => void (name === basename(spelldFile) && look()));
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  void look();
  return {
    [Symbol.dispose]: () => {
      ended.abort();
      watcher?.close();
    },
  };
}

/** Tells the facts now, and after every burst of events that they depend on. Ends with the stream. */
async function follow(client: Client, servedFrom: ServedFrom, tell: Following['tell'], signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const gather = async (): Promise<void> => {
    timer = undefined;
    const facts = await gatherFacts(client, servedFrom).catch(() => undefined);
    if (facts && !signal.aborted) tell(facts);
  };
  const events = client.events({ query: { follow: 'true' }, signal });
  try {
    await gather();
    for await (const { type } of events)
      if (/^(?:resource|model|server|rollout|pod)\./.test(type)) timer ??= setTimeout(() => void gather(), coalesceMs);
  } finally {
    clearTimeout(timer);
  }
}
