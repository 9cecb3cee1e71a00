import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { predict, request } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { startLoad } from '../harness/load.ts';
import { processesOfHome } from '../harness/processes.ts';

/** Says who answered; takes as long as asked. `starts` is what it starts and leaves, as careless predictors do. */
const predictor = (version: number): string => `
import os, subprocess, sys, time
from spell.serving import BasePredictor

wait = [sys.executable, "-c", "import threading; threading.Event().wait()"]


class Predictor(BasePredictor):
    def __init__(self):
        subprocess.Popen(wait)
        subprocess.Popen(wait, start_new_session=True)

    def predict(self, payload):
        time.sleep(payload.get("seconds", 0))
        return {"version": ${version}, "pid": os.getpid()}
`;

const withHealth = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return "ok"

    def health(self):
        if os.path.exists("sick"):
            raise RuntimeError("sick")
        return {"well": True}
`;

const broken = `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        print("about to load")
        raise FileNotFoundError("weights.bin")

    def predict(self, payload):
        return payload
`;

const chatty = `
import logging, sys
from spell.serving import BasePredictor

log = logging.getLogger("chatty")


class Predictor(BasePredictor):
    def __init__(self):
        print("loaded")

    def predict(self, payload):
        print("got", payload)
        log.warning("careful with %s", payload)
        sys.stderr.write("to stderr\\\\n")
        return payload
`.replaceAll('\\\\n', '\\n');

describe('real workers', () => {
  let gateway: RealGateway;
  before(async () => {
    gateway = await RealGateway.start();
  });
  after(async () => {
    const { home } = gateway;
    await gateway.close();
    assert.deepEqual(await processesOfHome(home), []);
  });

  it('SIGKILL of a worker under load costs at most what it was running, and what it started goes with it', async () => {
    await gateway.revision(1, predictor(1));
    await gateway.apply('steady', 1, { 1: 1 });
    await gateway.ready('steady', 1);
    const load = startLoad(gateway.url('steady'), { seconds: 0.002 }, 200);
    await eventually(() => assert.ok(load.samples.length > 100), 5000);
    const killed = gateway.observe('steady', 1)?.pods[0]?.workers[0]?.pid ?? 0;
    assert.equal((await processesOfHome(gateway.home)).length, 4);
    process.kill(killed, 'SIGKILL');
    await gateway.until(() => gateway.observe('steady', 1)?.pods[0]?.restarts === 1);
    await gateway.ready('steady', 1);
    const before = load.samples.length;
    await eventually(() => assert.ok(load.samples.length > before + 200), 5000);
    const samples = await load.stop();
    const lost = samples.filter(({ status }) => status !== 200);
    assert.ok(lost.length <= 1, `${lost.length} were lost: ${JSON.stringify(lost)}`);
    assert.ok(lost.every(({ body }) => body.includes('"worker-died"')));
    assert.equal((await processesOfHome(gateway.home)).length, 4);
  });

  it('a switch of revisions under load loses nothing, and the old one answers nothing after it has gone', async () => {
    await gateway.revision(2, predictor(2), { 'num-processes': 2 });
    const load = startLoad(gateway.url('steady'), { seconds: 0.002 }, 200);
    await eventually(() => assert.ok(load.samples.length > 100), 5000);
    await gateway.apply('steady', 1, { 1: 1, 2: 1 });
    await gateway.ready('steady', 2);
    await gateway.apply('steady', 2, { 2: 1 });
    await gateway.until(() => gateway.observe('steady', 1) === undefined);
    const gone = performance.now();
    const count = load.samples.length;
    await eventually(() => assert.ok(load.samples.length > count + 200), 5000);
    const samples = await load.stop();
    assert.deepEqual(
      samples.filter(({ status }) => status !== 200),
      [],
    );
    const versionOf = (body: string): number => (JSON.parse(body) as { version: number }).version;
    assert.deepEqual(
      samples.filter(({ began, body }) => began > gone && versionOf(body) === 1),
      [],
    );
    assert.ok(samples.filter(({ body }) => versionOf(body) === 2).length >= 100);
    assert.equal((await processesOfHome(gateway.home)).length, 1 + 2 * 3);
  });

  it('a stop lets finish what runs and refuses the rest', async () => {
    const answers = Array.from({ length: 2 }, () => predict(gateway.url('steady'), { seconds: 1.5 }));
    await eventually(async () => assert.match(await gateway.admin('GET', '/metrics'), /spell_queue_depth/), 10_000);
    const busy = predict(gateway.url('steady'), { seconds: 0 }, { 'x-request-timeout': '0.1' });
    assert.equal((await busy).status, 504);
    await gateway.apply('steady', 2, { 2: 1 }, true);
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200);
    assert.equal((await predict(gateway.url('steady'), {})).status, 503);
    await gateway.until(() => gateway.observe('steady', 2) === undefined);
    assert.deepEqual(
      (await processesOfHome(gateway.home)).map(({ pid }) => pid),
      [gateway.pid],
    );
  });

  it('two requests that take long run in two workers, however they arrived', async () => {
    await gateway.revision(5, predictor(5), { 'num-processes': 2 });
    await gateway.apply('pair', 5, { 5: 1 });
    await gateway.ready('pair', 5);
    const answers = await Promise.all([0.3, 0.01, 0.3, 0.01].map((seconds) => predict(gateway.url('pair'), { seconds })));
    assert.equal(new Set(answers.map((answer) => answer.json<{ pid: number }>().pid)).size, 2);
    await gateway.admin('DELETE', '/servers/local/pair');
  });

  it("a pod follows its predictor's own health out of routing and back", async () => {
    const sick = join(gateway.home, 'project-3', 'sick');
    await gateway.revision(3, withHealth);
    await writeFile(sick, '');
    await gateway.apply('patient', 3, { 3: 1 });
    await gateway.until(() => /RuntimeError/.test(gateway.observe('patient', 3)?.pods[0]?.reason ?? ''));
    assert.equal(gateway.observe('patient', 3)?.pods[0]?.state, 'starting');
    await rm(sick);
    await gateway.ready('patient', 3);
    const well = await request(gateway.url('patient', 'health'));
    assert.deepEqual([well.status, well.json()], [200, { well: true }]);
    assert.equal((await request(gateway.url('patient', 'ready'), { method: 'POST', body: '' })).status, 200);
    await writeFile(sick, '');
    const failing = await request(gateway.url('patient', 'health'));
    assert.ok(failing.status >= 500, String(failing.status));
    await gateway.admin('DELETE', '/servers/local/patient');
  });

  it('a predictor that cannot load says where, with its last lines', async () => {
    await gateway.revision(4, broken);
    await gateway.apply('broken', 4, { 4: 1 });
    await gateway.until(() => gateway.observe('broken', 4)?.failure);
    const failure = gateway.observe('broken', 4)?.failure;
    assert.deepEqual([failure?.final, failure?.file, failure?.line], [true, 'predictor.py', 8]);
    assert.match(failure?.message ?? '', /weights\.bin/);
    assert.ok(failure?.log.includes('about to load'));
    await gateway.admin('DELETE', '/servers/local/broken');
  });

  it('an interpreter that is not there is a clear failure', async () => {
    const other = await RealGateway.start({ python: '/nowhere/python' });
    await other.revision(1, broken);
    await other.apply('any', 1, { 1: 1 });
    await other.until(() => other.observe('any', 1)?.failure?.final);
    const failure = other.observe('any', 1)?.failure;
    assert.equal(failure?.code, 'cannot-start');
    assert.match(`${failure?.message} ${failure?.hint}`, /ENOENT.*\/nowhere\/python.*--python/);
    await other.close();
  });

  it('what a predictor prints is kept with its request', async () => {
    await gateway.revision(6, chatty);
    await gateway.apply('chatty', 6, { 6: 1 });
    await gateway.ready('chatty', 6);
    await predict(gateway.url('chatty'), 1, { 'x-request-id': 'first' });
    await predict(gateway.url('chatty'), 2, { 'x-request-id': 'second' });
    const lines = await eventually(async () => {
      const all = (await gateway.admin('GET', '/logs/local/chatty')).trim().split('\n');
      const parsed = all.map(
        (line) => JSON.parse(line) as { stream: string; level: string | null; requestId: string | null; text: string },
      );
      assert.ok(parsed.some(({ requestId, stream }) => requestId === 'second' && stream === 'stderr'));
      return parsed;
    }, 5000);
    const of = (id: string | null): string[] =>
      lines.flatMap(({ requestId, text, stream }) => (requestId === id && stream === 'stdout' ? [text] : []));
    assert.deepEqual(of('first'), ['got 1']);
    assert.deepEqual(of('second'), ['got 2']);
    assert.deepEqual(of(null), ['loaded']);
    const warning = lines.find(({ text }) => text.includes('careful with 2'));
    assert.deepEqual([warning?.level, warning?.requestId], ['WARNING', 'second']);
    await gateway.admin('DELETE', '/servers/local/chatty');
  });
});
