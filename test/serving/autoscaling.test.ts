import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';

const sleepy = (seconds: number): string => `
import time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        time.sleep(${seconds})
        return payload
`;

/** Computes for a while, so that its process is busy. */
const busy = `
import time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        end = time.thread_time() + payload["seconds"]
        while time.thread_time() < end:
            pass
`;

describe('scaling of a real model server', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'sleepy.py'), sleepy(0.01));
    await writeFile(join(home.folder, 'busy.py'), busy);
  });
  after(() => home.close());

  const describeServer = (name: string): Promise<ModelServer> => home.json<ModelServer>(['server', 'describe', name]);
  const readyPods = (name: string, expected: number): Promise<void> =>
    eventually(async () => assert.equal((await describeServer(name)).pods.ready, expected), 60_000);

  it('requests make pods and their absence takes them away again; an update beside it and every request are answered', async () => {
    const stdout = await home.ok([
      'server',
      'serve',
      '--name',
      'sleepy',
      '--target-requests-per-second',
      '15',
      '--max-pods',
      '3',
      'sleepy.py',
    ]);
    const load = startLoad(stdout.trim(), {}, 60);
    await readyPods('sleepy', 3);
    const { scaling } = await describeServer('sleepy');
    assert.deepEqual([scaling?.minPods, scaling?.maxPods, scaling?.targets[0]?.target], [1, 3, 15]);
    await home.ok(['server', 'update', 'sleepy', '-d', 'an update of a model server that has grown']);
    assert.deepEqual((await describeServer('sleepy')).pods, { ready: 3, total: 3 });
    const samples = await load.stop();
    assert.deepEqual(new Set(samples.map(({ status }) => status)), new Set([200]));
    await readyPods('sleepy', 1);
    const events = await home.json<SpellEvent[]>(['events']);
    const told = events.flatMap(({ type, message }) => (type === 'server.scaled' ? [message] : []));
    assert.match(told[0] ?? '', /^1 → [23] pods: [\d.]+ requests\/s per pod, target 15/);
    assert.match(told.at(-1) ?? '', /→ 1 pod: .*\(the least allowed\)$/);
  });

  it('a busy processor makes a second pod', async () => {
    const stdout = await home.ok([
      ...['server', 'serve', '--name', 'busy', '--target-cpu-utilization', '0.1', '--max-pods', '2', 'busy.py'],
    ]);
    const load = startLoad(stdout.trim(), { seconds: 0.04 }, 10);
    await readyPods('busy', 2);
    const { scaling } = await describeServer('busy');
    assert.equal(scaling?.targets[0]?.setting, 'target-cpu-utilization');
    const samples = await load.stop();
    assert.deepEqual(new Set(samples.map(({ status }) => status)), new Set([200]));
  });

  it('a target without room is served, with a word that it has no effect; percent and a range upside down are refused', async () => {
    const still = await home.spell([
      'server',
      'serve',
      '--name',
      'still',
      '--target-requests-per-second',
      '5',
      '--max-pods',
      '1',
      'sleepy.py',
    ]);
    assert.equal(still.status, 0);
    assert.match(still.stderr, /note: its scaling target has no effect: min-pods and max-pods are both 1/);
    const percent = await home.spell(['server', 'serve', '--name', 'other', '--target-cpu-utilization', '80', 'sleepy.py']);
    assert.equal(percent.status, 2);
    assert.match(percent.stderr, /--target-cpu-utilization.*did you mean 0\.8\?/s);
    const range = await home.spell(['server', 'serve', '--name', 'other', '--min-pods', '3', '--max-pods', '2', 'sleepy.py']);
    assert.notEqual(range.status, 0);
    assert.match(range.stderr, /max-pods is 2, less than min-pods, which is 3/);
  });
});
