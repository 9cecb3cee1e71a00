import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { processesOfHome } from '../harness/processes.ts';

const echo = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

describe('the gateway as a process', () => {
  it('names who holds its port', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const gateway = await RealGateway.start({ port });
    t.after(() => gateway.close());
    assert.ok('error' in gateway.readiness);
    assert.equal(gateway.readiness.error.code, 'port-taken');
    if (process.platform === 'linux')
      assert.match(gateway.readiness.error.message, new RegExp(`${port} is taken by process ${process.pid} `));
    assert.equal(await gateway.exited(), 1);
  });

  it('is one for each home', async (t) => {
    const first = await RealGateway.start();
    t.after(() => first.close());
    const second = await RealGateway.start({ home: first.home });
    t.after(() => second.close());
    assert.ok('error' in second.readiness);
    assert.equal(second.readiness.error.code, 'in-use');
    assert.equal(await second.exited(), 1);
  });

  it('takes its workers with it when it is killed, and its successor finds the socket free', async (t) => {
    const first = await RealGateway.start();
    t.after(() => first.child.kill('SIGKILL'));
    await first.revision(1, echo, { 'num-processes': 2 });
    await first.apply('any', 1, { 1: 1 });
    await first.ready('any', 1);
    process.kill(first.pid, 'SIGKILL');
    await first.exited();
    await eventually(async () => assert.deepEqual(await processesOfHome(first.home), []), 5000);
    const second = await RealGateway.start({ home: first.home });
    t.after(() => second.close());
    assert.ok('ready' in second.readiness);
  });

  it('ends with status 0 at SIGTERM, answers what runs before, and leaves no socket', async (t) => {
    const gateway = await RealGateway.start();
    t.after(() => gateway.close());
    await gateway.revision(1, echo.replace('return payload', 'import time; time.sleep(payload); return payload'));
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
    const running = predict(gateway.url('any'), 0.4);
    await eventually(async () => {
      const answer = await predict(gateway.url('any'), 0, { 'x-request-timeout': '0.02' });
      assert.equal(answer.status, 504);
    }, 10_000);
    process.kill(gateway.pid, 'SIGTERM');
    assert.equal((await running).status, 200);
    assert.equal(await gateway.exited(), 0);
    assert.equal(existsSync(join(gateway.home, 'gateway.sock')), false);
    assert.deepEqual(await processesOfHome(gateway.home), []);
  });

  it('starts a control plane after the last one vanished', async (t) => {
    const script = `require('fs').writeFileSync(process.env.SPELL_HOME + '/revived', '')`;
    const gateway = await RealGateway.start({ controlPlane: [process.execPath, '-e', script] });
    t.after(() => gateway.close());
    const revived = join(gateway.home, 'revived');
    gateway.unwatch();
    await eventually(() => assert.ok(existsSync(revived)), 10_000);
  });

  it('says in its log when nothing is left that a control plane could be started from', async (t) => {
    const gone = '/nowhere/spelld.js';
    const gateway = await RealGateway.start({ controlPlane: [process.execPath, gone] });
    t.after(() => gateway.close());
    gateway.unwatch();
    await eventually(async () => {
      const log = await readFile(join(gateway.home, 'gateway.log'), 'utf8');
      assert.match(
        log,
        /no control plane watches: \/nowhere\/spelld\.js is gone, so none can be started; `spell up` or the editor starts one/,
      );
    }, 5000);
  });
});
