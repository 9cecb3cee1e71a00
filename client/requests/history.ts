import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { modelServerKey } from '../inventory/inventory.ts';

/** A request that was sent from this workspace, and what came of it. */
export interface SentBefore {
  /** RFC 3339; it names the request among those of its model server. */
  at: string;
  /** Null for one that is too large to be kept. */
  payload: string | null;
  /** Null where nothing answered. */
  status: number | null;
  requestId: string | null;
  ms: number | null;
}

const key = 'spell.requests';
/** So many are remembered of a model server, and of so many model servers, the last ones. */
const mostRequests = 20;
const mostModelServers = 50;
/** The workspace's state is read as a whole when a window opens. */
const mostBytes = 64 * 1024;

/** The requests that were sent from this workspace, of one model server, newest first. */
export function requestHistory(
  { extension: { workspaceState } }: Pick<Context, 'extension'>,
  target: ModelServerTarget,
): {
  all(): SentBefore[];
  add(request: SentBefore): Thenable<void>;
  clear(): Thenable<void>;
} {
  const own = modelServerKey(target);
  const everything = (): [string, SentBefore[]][] => workspaceState.get<[string, SentBefore[]][]>(key) ?? [];
  const all = (): SentBefore[] => everything().find(([each]) => each === own)?.[1] ?? [];
  const write = (requests: SentBefore[]): Thenable<void> => {
    const others = everything().filter(([each]) => each !== own);
    const kept: [string, SentBefore[]][] = requests.length === 0 ? others : [[own, requests], ...others];
    return workspaceState.update(key, kept.slice(0, mostModelServers));
  };
  return {
    all,
    add(request) {
      const isSmall = request.payload !== null && Buffer.byteLength(request.payload) <= mostBytes;
      const { payload } = request;
      // The same again is the same entry, as it went last.
      const others = all().filter((each) => each.payload === null || each.payload !== payload);
      return write([{ ...request, payload: isSmall ? payload : null }, ...others].slice(0, mostRequests));
    },
    clear: () => write([]),
  };
}
