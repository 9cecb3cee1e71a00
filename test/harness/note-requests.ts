import diagnostics from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';

// Loaded into a process before its program (`node --import`): notes each request that it is sent, as `GET /api/v1/status`, in a file.

const file = process.env.TEST_REQUESTS_FILE;

diagnostics.subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  if (file) appendFileSync(file, `${request.method} ${request.url}\n`);
});
