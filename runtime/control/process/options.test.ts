import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('how the endpoint speaks is what was asked for, and nothing where nothing was', () => {
  assert.deepEqual(readOptions([]), { host: undefined, port: undefined, apiPort: undefined, front: {} });
  assert.deepEqual(readOptions(['--tls-self-signed', '--access-log']).front, { tls: { kind: 'self-signed' }, accessLog: true });
  assert.deepEqual(readOptions(['--no-tls-self-signed', '--no-access-log']).front, { tls: { kind: 'off' }, accessLog: false });
  assert.deepEqual(readOptions(['--tls-cert', 'c.pem', '--tls-key', '/k.pem']).front, {
    tls: { kind: 'files', certificate: resolve('c.pem'), key: resolve('/k.pem') },
  });
  for (const args of [['--tls-cert', 'c.pem'], ['--tls-key', 'k.pem'], ['--tls'], ['--port', '0']]) {
    assert.throws(() => readOptions(args), { code: 'usage' }, args.join(' '));
  }
});
