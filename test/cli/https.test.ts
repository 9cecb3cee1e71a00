import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ModelServer, ModelServerSummary, Status } from '../../runtime/api/objects.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { makeCertificateFolder, predictOver } from '../harness/https.ts';

const predictor = `
from spell.serving import BasePredictor
from starlette.requests import Request


class Predictor(BasePredictor):
    def predict(self, payload, request: Request):
        return {"payload": payload, "scheme": request.url.scheme}
`;

/** A home that ends with its test, with a predictor in its folder. */
async function homeFor(t: TestContext): Promise<TestHome> {
  const home = await makeHome();
  t.after(() => home.close());
  await mkdir(join(home.folder, 'project'));
  await writeFile(join(home.folder, 'project', 'predictor.py'), predictor);
  return home;
}

describe('HTTPS with a certificate that Spell makes', () => {
  it('is what every face says and speaks, survives whoever dies, and is taken back when asked', async (t) => {
    const home = await homeFor(t);
    const up = await home.json<Status>(['up', '--tls-self-signed']);
    const certificate = join(home.home, 'tls', 'certificate.pem');
    assert.match(up.gatewayUrl ?? '', /^https:\/\/127\.0\.0\.1:/);
    assert.deepEqual(up.gatewayCertificate, { file: certificate, selfSigned: true });
    if (process.platform !== 'win32') assert.equal((await stat(join(home.home, 'tls', 'key.pem'))).mode & 0o777, 0o600);

    const served = (await home.ok(['server', 'serve', '--name', 'secure', 'project/predictor.py'])).trim();
    assert.equal(served, `${up.gatewayUrl}/local/secure/predict`);
    const [listed] = await home.json<ModelServerSummary[]>(['server', 'list']);
    const described = await home.json<ModelServer>(['server', 'describe', 'secure']);
    assert.deepEqual([listed?.url, described.url], Array(2).fill(`${up.gatewayUrl}/local/secure`));
    assert.match(described.curl, new RegExp(`^curl --cacert ${certificate} https://`));
    const file = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    assert.equal(file.gatewayUrl, up.gatewayUrl);

    const answer = { payload: 7, scheme: 'https' };
    assert.deepEqual(await home.json(['server', 'predict', 'secure', '--json', '7']), answer);
    assert.deepEqual(await home.json(['server', 'healthcheck', 'secure']), { status: 'ok' });
    // The line that is shown, as a person would paste it.
    if (spawnSync('curl', ['--version']).status === 0) {
      const curl = spawnSync('sh', ['-c', `${described.curl} -s`], { encoding: 'utf8' });
      assert.deepEqual(JSON.parse(curl.stdout), { payload: {}, scheme: 'https' }, curl.stderr);
    }

    const agent = new Agent({ ca: await readFile(certificate) });
    for (const victim of ['gateway', 'spelld'] as const) {
      const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
      process.kill(processes[victim] ?? 0, 'SIGKILL');
      await eventually(async () => {
        const now = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
        assert.notEqual(now.processes[victim], processes[victim]);
        assert.equal(now.gatewayUrl, up.gatewayUrl);
        assert.deepEqual((await predictOver(agent, served, 7)).body, answer);
      }, 20_000);
    }

    await home.ok(['down']);
    const again = await home.json<Status>(['up']);
    assert.deepEqual([again.gatewayUrl, again.gatewayCertificate], [up.gatewayUrl, up.gatewayCertificate]);
    await eventually(async () => assert.deepEqual((await predictOver(agent, served, 7)).body, answer, 'by the same certificate'), 20_000);

    const refused = await home.spell(['up', '--no-tls']);
    assert.deepEqual([refused.status, /it runs already.*spell down/s.test(refused.stderr)], [1, true]);
    await home.ok(['down']);
    const plain = await home.json<Status>(['up', '--no-tls']);
    assert.deepEqual([plain.gatewayUrl, plain.gatewayCertificate], [up.gatewayUrl?.replace('https:', 'http:'), undefined]);
    await eventually(
      async () => assert.deepEqual(await home.json(['server', 'predict', 'secure', '--json', '7']), { payload: 7, scheme: 'http' }),
      20_000,
    );
    assert.doesNotMatch((await home.json<ModelServer>(['server', 'describe', 'secure'])).curl, /cacert|https/);
  });

  it('a pair of the user is checked at once, trusted by the command whatever its name, and never remembered when bad', async (t) => {
    const home = await homeFor(t);
    const folder = await makeCertificateFolder();
    t.after(() => folder.close());
    await home.ok(['up']);
    await home.ok(['down']);
    const missing = await home.spell(['up', '--tls-cert', 'nowhere.pem', '--tls-key', folder.files.key]);
    assert.deepEqual([missing.status, /nowhere\.pem is not there/.test(missing.stderr)], [1, true]);
    const half = await home.spell(['up', '--tls-cert', folder.files.certificate]);
    assert.deepEqual([half.status, /--tls-key is missing/.test(half.stderr)], [2, true]);
    const plain = await home.json<Status>(['up']);
    assert.match(plain.gatewayUrl ?? '', /^http:/, 'what did not work is not what the next start does');
    await home.ok(['down']);

    const up = await home.json<Status>(['up', '--tls-cert', folder.files.certificate, '--tls-key', folder.files.key]);
    assert.deepEqual(up.gatewayCertificate, { file: folder.files.certificate, selfSigned: false });
    assert.equal(up.gatewayUrl, plain.gatewayUrl?.replace('http:', 'https:'), 'the port stays');
    await home.ok(['server', 'serve', '--name', 'secure', 'project/predictor.py']);
    assert.deepEqual(await home.json(['server', 'predict', 'secure', '--json', '7']), { payload: 7, scheme: 'https' });
    assert.doesNotMatch((await home.json<ModelServer>(['server', 'describe', 'secure'])).curl, /cacert/);

    await folder.replace({ key: 'broken' });
    await eventually(async () => {
      const { notices } = await home.json<Status>(['status']);
      assert.match(notices?.join() ?? '', /holds no private key.*stays in use/);
    }, 15_000);
  });
});
