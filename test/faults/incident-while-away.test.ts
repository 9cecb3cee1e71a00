import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Status } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome } from '../harness/home.ts';

const predictor = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return {"pid": os.getpid()}
`;

test('a worker that dies while there is no control plane is told of by the next one, and by none after that', async (t) => {
  const home = await makeHome();
  t.after(() => home.close());
  await mkdir(join(home.folder, 'project'));
  await writeFile(join(home.folder, 'project', 'predictor.py'), predictor);
  const url = (await home.ok(['server', 'serve', '--name', 'steady', 'project/predictor.py'])).trim();
  const deaths = async (): Promise<SpellEvent[]> =>
    (await home.json<SpellEvent[]>(['events'])).filter(({ type }) => type === 'worker.died');
  const worker = async (): Promise<number> => (await predict(url, {})).json<{ pid: number }>().pid;
  const spelld = async (): Promise<number> =>
    (JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status).processes.spelld;
  const isGone = (pid: number): Promise<void> => eventually(() => assert.throws(() => process.kill(pid, 0)), 10_000);

  // One that ends in order is not started again by its gateway.
  const first = await spelld();
  process.kill(first, 'SIGTERM');
  await isGone(first);
  const victim = await worker();
  process.kill(victim, 'SIGKILL');
  await eventually(async () => assert.notEqual(await worker(), victim), 15_000);

  await home.ok(['up']);
  const [told] = await eventually(async () => {
    const found = await deaths();
    assert.equal(found.length, 1);
    return found;
  }, 15_000);
  assert.match(told?.message ?? '', /^worker 0 of pod \S+ was ended by SIGKILL; /);
  assert.ok(String(told?.data?.at) < (told?.time ?? ''), 'it says when that was');

  // One that is killed is.
  const second = await spelld();
  process.kill(second, 'SIGKILL');
  await eventually(async () => {
    const status = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    assert.notEqual(status.processes.spelld, second);
    assert.notEqual(status.gatewayUrl, null);
  }, 15_000);
  assert.equal((await deaths()).length, 1);
});
