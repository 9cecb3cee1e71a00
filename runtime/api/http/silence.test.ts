import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { breakOffSilence } from './silence.ts';

const ms = 40;

/** An answer whose first bytes have come, and the server's side of it. */
async function answerOf(t: TestContext): Promise<{ answer: IncomingMessage; sender: ServerResponse }> {
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => {
    response.write('one\n');
    asked.resolve(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const agent = new Agent({ keepAlive: true });
  t.after(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const request = get({ port: (server.address() as AddressInfo).port, agent });
  // The error of an answer is its request's as well.
  request.on('error', () => {});
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { answer, sender: await asked.promise };
}

test('an answer of which nothing comes any more ends with an error', async (t) => {
  const { answer } = await answerOf(t);
  breakOffSilence(answer, ms);
  await assert.rejects(Array.fromAsync(answer), { message: 'nothing was heard for 0.04 s' });
});

test('signs of life keep it, and what came while the process was stopped counts', async (t) => {
  const { answer, sender } = await answerOf(t);
  const pieces = answer[Symbol.asyncIterator]();
  breakOffSilence(answer, ms);
  await pieces.next();
  for (let beat = 0; beat < 3; beat++) {
    sender.write('\n');
    // Nothing of this process runs meanwhile, neither a timer nor an arrival.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * ms);
    assert.equal(String((await pieces.next()).value), '\n');
  }
  sender.end();
  assert.equal((await pieces.next()).done, true);
});

test('a reader that takes its time is no silence', async (t) => {
  const { answer, sender } = await answerOf(t);
  breakOffSilence(answer, ms);
  const silent = once(answer.socket, 'timeout');
  answer.pause();
  sender.write('two\n');
  await silent;
  await once(answer.socket, 'timeout');
  sender.end();
  assert.deepEqual((await Array.fromAsync(answer)).map(String).join(''), 'one\ntwo\n');
});

test('a connection that is kept for other calls is not watched any more', async (t) => {
  const { answer, sender } = await answerOf(t);
  const { socket } = answer;
  breakOffSilence(answer, ms);
  const closed = once(answer, 'close');
  sender.end();
  await Array.fromAsync(answer);
  await closed;
  assert.deepEqual([socket.timeout, socket.listenerCount('timeout') > 1], [0, false]);
});
