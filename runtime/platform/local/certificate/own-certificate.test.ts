import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensureOwnCertificate, type OwnCertificateOptions } from './own-certificate.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;

async function place(t: TestContext): Promise<{
  files: OwnCertificateOptions['files'];
  ensure(days: number, host?: string): Promise<boolean>;
  read(): Promise<X509Certificate>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-own-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const files = { certificate: join(folder, 'tls', 'certificate.pem'), key: join(folder, 'tls', 'key.pem') };
  return {
    files,
    ensure: (days, host = '127.0.0.1') => ensureOwnCertificate({ files, host, now: () => new Date(start + days * dayMs) }),
    read: async () => new X509Certificate(await readFile(files.certificate)),
  };
}

test('it is made once, for this machine alone, is no authority, and its key is for its owner', async (t) => {
  const { files, ensure, read } = await place(t);
  assert.equal(await ensure(0), true);
  const certificate = await read();
  assert.equal(await ensure(300), false);
  assert.equal((await read()).fingerprint256, certificate.fingerprint256);
  assert.equal(certificate.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  assert.equal(certificate.ca, false);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'servers only');
  assert.ok(certificate.verify(certificate.publicKey));
  assert.ok((certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / dayMs < 398);
  assert.match(certificate.serialNumber, /^[4-7][0-9A-F]{31}$/);
  if (process.platform !== 'win32') assert.equal((await stat(files.key)).mode & 0o777, 0o600);
});

test('it is made anew a month before it expires', async (t) => {
  const { ensure, read } = await place(t);
  await ensure(0);
  const first = await read();
  assert.equal(await ensure(366), false);
  assert.equal(await ensure(368), true);
  const second = await read();
  assert.notEqual(second.fingerprint256, first.fingerprint256);
  assert.ok(second.validToDate > first.validToDate);
});

test('it is made anew for another address, and when its files do not belong together or cannot be read', async (t) => {
  const { files, ensure, read } = await place(t);
  await ensure(0);
  assert.equal(await ensure(0, '10.1.2.3'), true);
  assert.equal((await read()).checkIP('10.1.2.3'), '10.1.2.3');
  assert.equal(await ensure(0, 'models.example'), true);
  assert.equal((await read()).checkHost('models.example'), 'models.example');
  const key = await readFile(files.key);
  assert.equal(await ensure(0, '0.0.0.0'), true, 'all addresses');
  await writeFile(files.key, key);
  assert.equal(await ensure(0, '0.0.0.0'), true, 'the key of the one before');
  await writeFile(files.certificate, 'cut off');
  assert.equal(await ensure(0, '0.0.0.0'), true);
  assert.equal(await ensure(0, '0.0.0.0'), false);
});
