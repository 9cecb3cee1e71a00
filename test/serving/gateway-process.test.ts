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
  it('names who holds its port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const gateway = await RealGateway.start({ port });
    assert.ok('error' in gateway.readiness);
    assert.equal(gateway.readiness.error.code, 'port-taken');
    if (process.platform === 'linux')
      assert.match(gateway.readiness.error.message, new RegExp(`${port} is taken by process ${process.pid} `));
    assert.equal(await gateway.exited(), 1);
    await gateway.close();
    other.close();
  });

  it('is one for each home', async () => {
    const first = await RealGateway.start();
    const second = await RealGateway.start({ home: first.home });
    assert.ok('error' in second.readiness);
    assert.equal(second.readiness.error.code, 'in-use');
    assert.equal(await second.exited(), 1);
    await first.close();
  });

  it('takes its workers with it when it is killed, and its successor finds the socket free', async () => {
    const first = await RealGateway.start();
    await first.revision(1, echo, { 'num-processes': 2 });
    await first.apply('any', 1, { 1: 1 });
    await first.ready('any', 1);
    process.kill(first.pid, 'SIGKILL');
    await first.exited();
    await eventually(async () => assert.deepEqual(await processesOfHome(first.home), []), 5000);
    const second = await RealGateway.start({ home: first.home });
    assert.ok('ready' in second.readiness);
    await second.close();
  });

  it('ends with status 0 at SIGTERM, answers what runs before, and leaves no socket', async () => {
    const gateway = await RealGateway.start();
    await gateway.revision(1, echo.replace('return payload', 'import time; time.sleep(payload); return payload'));
    await gateway.apply('any', 1, { 1: 1 });
    await gateway.ready('any', 1);
    const running = predict(gateway.url('any'), 0.4);
    await eventually(async () => {
      const answer = await predict(gateway.url('any'), 0, { 'x-request-timeout': '0.02' });
      assert.equal(answer.status, 504);
    }, 2000);
    process.kill(gateway.pid, 'SIGTERM');
    assert.equal((await running).status, 200);
    assert.equal(await gateway.exited(), 0);
    assert.equal(existsSync(join(gateway.home, 'gateway.sock')), false);
    assert.deepEqual(await processesOfHome(gateway.home), []);
    await gateway.close();
  });

  it('starts a control plane within two seconds after the last one vanished', async () => {
    const script = `require('fs').writeFileSync(process.env.SPELL_HOME + '/revived', '')`;
    const gateway = await RealGateway.start({ controlPlane: [process.execPath, '-e', script] });
    const revived = join(gateway.home, 'revived');
    gateway.unwatch();
    await eventually(() => assert.ok(existsSync(revived)), 2000);
    await gateway.close();
  });

  it('says in its log when nothing is left that a control plane could be started from', async () => {
    const gone = '/nowhere/spelld.js';
    const gateway = await RealGateway.start({ controlPlane: [process.execPath, gone] });
    gateway.unwatch();
    await eventually(async () => {
      const log = await readFile(join(gateway.home, 'gateway.log'), 'utf8');
      assert.match(
        log,
        /no control plane watches: \/nowhere\/spelld\.js is gone, so none can be started; `spell up` or the editor starts one/,
      );
    }, 5000);
    await gateway.close();
  });
});
