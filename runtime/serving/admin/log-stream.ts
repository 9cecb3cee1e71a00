import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ServerRegistry } from '../server-registry.ts';

/**
 * Answers `GET /logs/OWNER/NAME?pod=&tail=&since=&follow=true`: the lines that there are, and with `follow` those that
 * come. Nothing is read that the other side does not take.
 */
export async function streamLogs(
  registry: ServerRegistry,
  owner: string,
  name: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const logs = registry.logs(owner, name);
  if (!logs) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const tail = query.get('tail');
  const selection = {
    pod: query.get('pod') ?? undefined,
    tail: tail === null ? undefined : Number(tail),
    since: query.get('since') ?? undefined,
  };
  const batches = query.get('follow') === 'true' ? logs.follow(selection, gone.signal) : logs.read(selection);
  for await (const lines of batches) {
    if (!response.write(`${lines.join('\n')}\n`)) await once(response, 'drain', { signal: gone.signal }).catch(() => {});
    if (gone.signal.aborted) return;
  }
  response.end();
}
