import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine } from '../../api/objects.ts';
import { readLogs, serverLogFolder } from '../../serving/logs/read.ts';
import type { LogQuery, ServerKey } from '../platform.ts';
import { type AdminClient, GatewayRefusal } from './admin-client.ts';

/** How long to wait for a gateway that is being restarted before looking again. */
const retryMs = 100;

export interface LogPlaces {
  /** The gateway at this moment. It knows what is not in its files yet. */
  admin: () => AdminClient | null;
  podLogs: string;
  /** Whether lines may still come. */
  isWanted: (key: ServerKey) => boolean;
}

/**
 * The lines of a model server's pods: from the gateway, and from its files while none answers. One who follows goes on
 * after a restart of the gateway, with what comes after the last line that was read.
 */
export async function* podLines(query: LogQuery, { admin, podLogs, isWanted }: LogPlaces): AsyncGenerator<LogLine> {
  const { signal, follow } = query;
  for (let asked = query; ; ) {
    const gateway = admin();
    try {
      if (gateway) {
        for await (const line of gateway.logs(asked)) {
          asked = after(query, line);
          yield line;
        }
        return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!follow && !(error instanceof GatewayRefusal)) throw error;
    }
    if (!follow) return yield* readLogs(serverLogFolder(podLogs, query.owner, query.name), asked);
    if (!isWanted(query)) return;
    await delay(retryMs, undefined, signal ? { signal } : {}).catch(() => {});
    if (signal?.aborted) return;
  }
}

function after({ tail: _, ...query }: LogQuery, { position }: LogLine): LogQuery {
  return { ...query, since: position };
}
