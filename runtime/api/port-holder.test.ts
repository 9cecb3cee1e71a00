import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { portHolder } from './port-holder.ts';

test('the holder of a port is the process that listens on it', { skip: process.platform === 'win32' }, async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const holder = await portHolder(address.port);
  assert.equal(holder?.pid, process.pid);
  assert.match(holder?.command ?? '', /node/);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await portHolder(address.port), undefined);
});
