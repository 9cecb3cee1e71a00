import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `node:http` that sends back what it gets, after the time that a batch of one takes: what a lone client would wait
 * without any serving system. `Atomics.wait` because timers of Node count whole milliseconds. `/warm` does not sleep:
 * what is compared with it has run hot before, too.
 */
const never = new Int32Array(new SharedArrayBuffer(4));
const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    if (request.url !== '/warm') Atomics.wait(never, 0, 0, 10.5);
    const body = Buffer.concat(pieces);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
