import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { type CertificateFolder, makeCertificateFolder, makePair, predictOver, shownCertificate } from '../harness/https.ts';
import { sayAll } from '../harness/raw-http.ts';

const predictor = `
from spell.serving import BasePredictor
from starlette.requests import Request


class Predictor(BasePredictor):
    def predict(self, payload, request: Request):
        return {"payload": payload, "url": str(request.url)}
`;

const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

describe('HTTPS', () => {
  let gateway: RealGateway;
  let folder: CertificateFolder;
  let first: string;
  before(async () => {
    folder = await makeCertificateFolder();
    first = (await folder.replace()).cert;
    gateway = await RealGateway.start({ tls: folder.files });
    await gateway.revision(1, predictor);
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
  });
  after(async () => {
    await gateway.close();
    await folder.close();
  });

  it('is spoken at the address that the gateway tells, and the predictor sees that it was', async () => {
    const agent = new Agent({ ca: first, keepAlive: true });
    const url = gateway.url('any');
    assert.match(url, /^https:\/\/127\.0\.0\.1:/);
    for (let count = 0; count < 3; count++) {
      const { status, body } = await predictOver<{ payload: number; url: string }>(agent, url, count);
      assert.deepEqual([status, body], [200, { payload: count, url }]);
    }
    assert.equal(Object.values(agent.freeSockets).flat().length, 1, 'one connection for all');
    agent.destroy();
  });

  it('is not spoken below TLS 1.2, and HTTP/1.1 is what is agreed on', async () => {
    const { port } = new URL(gateway.url('any'));
    const old = connectTls({
      port: Number(port),
      host: '127.0.0.1',
      ca: first,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await assert.rejects(
      new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject)),
      /protocol version|unsupported/i,
    );
    const socket = connectTls({ port: Number(port), host: '127.0.0.1', ca: first, ALPNProtocols: ['h2', 'http/1.1'] });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    assert.equal(socket.alpnProtocol, 'http/1.1');
    socket.destroy();
  });

  it('answers one who speaks plain HTTP to it with what to do, whatever size the body has', async () => {
    for (const body of ['1', `"${'x'.repeat(2_000_000)}"`]) {
      const answer = await sayAll(
        gateway.url('any'),
        `POST /local/any/predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      assert.deepEqual([answer?.status, answer?.headers.connection], [400, 'close']);
      const { code, message, request_id } = (JSON.parse(answer?.body ?? '') as { error: Record<string, string> }).error;
      assert.equal(code, 'bad-request');
      assert.match(message ?? '', /this port speaks HTTPS.*use https:\/\//);
      assert.equal(request_id, answer?.headers['x-request-id']);
    }
    assert.equal(await shownCertificate(gateway.url('any')), fingerprint(first));
  });

  it('says so to curl, too', async (t) => {
    const url = gateway.url('any').replace('https:', 'http:');
    const curl = spawnSync('curl', ['-sS', '-i', '-d', '1', url], { encoding: 'utf8' });
    if (curl.error) {
      t.skip('there is no curl');
      return;
    }
    assert.match(curl.stdout, /^HTTP\/1\.1 400 Bad Request\r\n/, curl.stderr);
    assert.match(curl.stdout, /this port speaks HTTPS/);
  });

  it('takes a new certificate while connections with the old one go on; a broken pair changes nothing and is told of', async () => {
    const url = gateway.url('any');
    const agent = new Agent({ ca: first, keepAlive: true, maxSockets: 1 });
    assert.equal((await predictOver(agent, url, 1)).status, 200);
    const held = Object.values(agent.freeSockets).flat()[0];

    const second = (await folder.replace()).cert;
    await eventually(async () => assert.equal(await shownCertificate(url), fingerprint(second)), 10_000);
    assert.equal((await predictOver(agent, url, 2)).status, 200, 'on the connection from before');
    assert.equal(Object.values(agent.freeSockets).flat()[0], held);
    assert.deepEqual(gateway.observed?.front.notices, []);

    await folder.replace({ cert: first });
    await gateway.until(() => gateway.observed?.front.notices.some((notice) => /does not belong to.*stays in use/.test(notice)), 10_000);
    assert.equal(await shownCertificate(url), fingerprint(second));
    assert.equal((await predictOver(agent, url, 3)).status, 200);

    const third = (await folder.replace()).cert;
    await gateway.until(() => gateway.observed?.front.notices.length === 0, 10_000);
    assert.equal(await shownCertificate(url), fingerprint(third));
    agent.destroy();
  });

  it('follows links that are put in the place of others, as renewing tools do it', async () => {
    const place = dirname(folder.files.certificate);
    for (const round of ['a', 'b']) {
      const pair = await makePair();
      const archive = join(place, 'archive', round);
      await mkdir(archive, { recursive: true });
      await writeFile(join(archive, 'key.pem'), pair.key);
      await writeFile(join(archive, 'cert.pem'), pair.cert);
      for (const name of ['key.pem', 'cert.pem']) {
        await symlink(join(archive, name), join(place, `${name}.new`));
        await rename(join(place, `${name}.new`), join(place, name));
      }
      await eventually(async () => assert.equal(await shownCertificate(gateway.url('any')), fingerprint(pair.cert)), 10_000);
    }
  });
});

describe('a certificate that cannot be used keeps the gateway from starting, and it says why:', () => {
  let folder: CertificateFolder;
  before(async () => {
    folder = await makeCertificateFolder();
  });
  after(() => folder.close());

  const refuses = (what: string, message: RegExp, prepare: () => Promise<Partial<CertificateFolder['files']> | undefined>): void => {
    it(what, async () => {
      const files = { ...folder.files, ...(await prepare()) };
      const gateway = await RealGateway.start({ tls: files });
      assert.equal(await gateway.exited(), 1);
      await gateway.close();
      assert.ok('error' in gateway.readiness, 'it started');
      const { code, hint } = gateway.readiness.error;
      assert.match(gateway.readiness.error.message, message);
      assert.equal(code, 'bad-certificate');
      assert.ok(hint.length > 10);
    });
  };

  refuses('there is none', /certificate .*nowhere\.pem is not there/, async () => ({ certificate: '/nowhere.pem' }));
  refuses('there is no key', /key .*nowhere\.pem is not there/, async () => ({ key: '/nowhere.pem' }));
  refuses('a folder', /is a folder/, async () => ({ key: dirname(folder.files.key) }));
  refuses('not PEM', /holds no certificate/, async () => void (await folder.replace({ cert: 'not a certificate' })));
  refuses('the key where the certificate should be', /holds no certificate/, async () => {
    await folder.replace();
    return { certificate: folder.files.key };
  });
  refuses('the certificate where the key should be', /holds no private key/, async () => {
    await folder.replace();
    return { key: folder.files.certificate };
  });
  refuses('the key of another one', /does not belong to/, async () => void (await folder.replace({ key: (await makePair()).key })));
  refuses('an expired one', /has expired: it was valid until 20/, async () => void (await folder.replace(await makePair(-20, -10))));
  refuses('one of tomorrow', /not valid before 20/, async () => void (await folder.replace(await makePair(2, 10))));
  refuses('an encrypted key', /is encrypted/, async () => {
    const pair = await makePair();
    const encrypted = createPrivateKey(pair.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
    await folder.replace({ cert: pair.cert, key: String(encrypted) });
    return undefined;
  });
  if (process.getuid?.() !== 0) {
    refuses('a key that this user may not read', /cannot be read/, async () => {
      await folder.replace();
      await chmod(folder.files.key, 0);
      return undefined;
    });
  }
});
