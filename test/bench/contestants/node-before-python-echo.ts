import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `node:http` that lets a process in Python parse each body and make it again, over a Unix socket, in the order of their
 * coming: the hop that every front with a predictor in a process of its own has, and nothing else.
 */
const folder = mkdtempSync(join(tmpdir(), 'spell-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));

const path = join(folder, 'socket');
const waiting: ServerResponse[] = [];
const newline = Buffer.from('\n');
const bridge = createServer((worker) => {
  let rest: Buffer = Buffer.alloc(0);
  worker.on('data', (read: Buffer) => {
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      const body = bytes.subarray(start, end);
      start = end + 1;
      waiting.shift()?.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    }
    rest = bytes.subarray(start);
  });
  const front = createHttpServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      waiting.push(response);
      worker.write(Buffer.concat([...pieces, newline]));
    });
  });
  front.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(front.address() as AddressInfo).port}/`));
});
bridge.listen(path, () => {
  spawn('python3', [join(import.meta.dirname, 'python-echo.py'), path], { stdio: ['ignore', 'inherit', 'inherit'] });
});
