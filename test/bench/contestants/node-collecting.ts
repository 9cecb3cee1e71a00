import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The peer of large bodies: `node:http` that collects the body and answers how long it is. */
const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => response.end(String(Buffer.concat(pieces).length)));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
