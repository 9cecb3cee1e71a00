import type { ServerResponse } from 'node:http';
import type { LogLine } from '../../api/objects.ts';
import type { ServerRegistry } from '../server-registry.ts';

/** A reader that is so far behind is cut off: it must not fill the gateway's memory. */
const maxBehindBytes = 8 * 2 ** 20;

/** Answers `GET /logs/OWNER/NAME?pod=&tail=&follow=true`: the lines that there are, and with `follow` those that come. */
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
  const tail = query.get('tail');
  const selection = { pod: query.get('pod') ?? undefined, tail: tail === null ? undefined : Number(tail) };
  const stop = await logs.follow(selection, (line: LogLine) => {
    if (response.writableLength > maxBehindBytes) response.destroy();
    else response.write(`${JSON.stringify(line)}\n`);
  });
  if (query.get('follow') !== 'true') {
    stop();
    response.end();
  } else if (response.closed) stop();
  else response.once('close', stop);
}
