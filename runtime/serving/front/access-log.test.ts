import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import type { BoundedFile } from '../logs/bounded-file.ts';
import { Slot, slotState } from '../requests/slot.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { AccessLog, type AccessRecord, loggedClasses } from './access-log.ts';

for (const [state, cause] of [
  ['receiving', 'gone-receiving'],
  ['uploading', 'gone-receiving'],
  ['queued', 'gone-waiting'],
  ['sent', 'gone-running'],
] as const) {
  test(`a client that hangs up is noted as the metrics count it: ${state} is ${cause}`, async (t) => {
    const { promise: noted, resolve } = Promise.withResolvers<string>();
    const log = new AccessLog({ append: resolve } as unknown as BoundedFile, new FakeClock());
    const slot = new Slot(1);
    const server = createServer(loggedClasses(log), (_, response) => {
      slot.state = slotState[state];
      slot.requestId = 'r-1';
      slot.response = response;
      response.slot = slot;
      client.destroy();
    });
    t.after(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('POST /local/any/predict HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n');
    const record = JSON.parse(await noted) as AccessRecord;
    assert.deepEqual([record.id, record.status, record.cause], ['r-1', 499, cause]);
  });
}
