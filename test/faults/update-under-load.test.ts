import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { type Sample, startLoad } from '../harness/load.ts';

/** Answers with all that an update can change, and with who answered. */
const predictor = (code: string): string => `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self, setting):
        self.setting = setting

    def predict(self, payload):
        return {
            "revision": int(os.environ["SPELL_REVISION"]),
            "pid": os.getpid(),
            "code": ${JSON.stringify(code)},
            "model": open("/model/weights.txt").read(),
            "setting": self.setting,
        }
`;

interface Answer {
  revision: number;
  pid: number;
  code: string;
  model: string;
  setting: string;
}

describe('200 requests/s while everything changes', () => {
  let home: TestHome;
  let entrypoint: string;
  before(async () => {
    home = await makeHome();
    const project = join(home.folder, 'project');
    await mkdir(project);
    entrypoint = join(project, 'predictor.py');
    for (const version of ['one', 'two']) {
      const folder = join(home.folder, version);
      await mkdir(folder);
      await writeFile(join(folder, 'weights.txt'), version);
      await home.ok(['upload', folder]);
      await home.ok(['model', 'create', 'weights', `uploads/${version}`]);
    }
    for (const setting of ['a', 'b']) await writeFile(join(home.folder, `${setting}.yaml`), `setting: ${setting}\n`);
  });
  after(() => home.close());

  it('three updates lose nothing, a killed worker at most what it was running, and no revision answers after its drain', async (t) => {
    await writeFile(entrypoint, predictor('first'));
    const stdout = await home.ok([
      'server',
      'serve',
      'weights:v1',
      entrypoint,
      '--num-processes',
      '2',
      '--config',
      join(home.folder, 'a.yaml'),
    ]);
    const load = startLoad(stdout.trim(), {}, 200);
    const ended = new Map<number, number>();
    /** Lets the present revision answer some, updates, and notes when the old one had drained. */
    const update = async (revision: number, ...options: string[]): Promise<void> => {
      await answered(revision, 400);
      await home.ok(['server', 'update', 'weights', ...options]);
      ended.set(revision, performance.now());
    };
    const answered = (revision: number, atLeast: number): Promise<void> =>
      eventually(() => {
        const count = load.samples.filter((sample) => sample.status === 200 && parse(sample).revision === revision).length;
        assert.ok(count >= atLeast, `revision ${revision} answered ${count} times`);
      }, 60_000);

    await writeFile(entrypoint, predictor('second'));
    await update(1, '--entrypoint', entrypoint);
    await update(2, '--model', 'weights:v2');
    await update(3, '--config', join(home.folder, 'b.yaml'));
    await answered(4, 400);
    const [pod] = await home.json<{ workers: { pid: number }[] }[]>(['server', 'status', 'weights']);
    const victim = pod?.workers[0]?.pid ?? 0;
    process.kill(victim, 'SIGKILL');
    await eventually(async () => {
      const [now] = await home.json<{ state: string; workers: { pid: number }[] }[]>(['server', 'status', 'weights']);
      assert.equal(now?.state, 'ready');
      assert.ok(now?.workers.every(({ pid }) => pid !== victim));
    }, 20_000);
    // The whole load lasts at least as long as the issue asks: 30 s at 200 requests/s.
    await eventually(() => assert.ok(load.samples.length >= 6_000), 60_000);
    const samples = await load.stop();

    const failed = samples.filter((sample) => sample.status !== 200);
    t.diagnostic(
      `${samples.length} requests, ${failed.length} failed: ${JSON.stringify(failed.map(({ status, body }) => [status, body]))}`,
    );
    // One sync worker runs one request at a time: the kill may cost that one.
    assert.ok(failed.length <= 1);
    for (const one of failed) assert.match(one.body, /worker-died/);

    const expected = [
      ['first', 'one', 'a'],
      ['second', 'one', 'a'],
      ['second', 'two', 'a'],
      ['second', 'two', 'b'],
    ];
    for (const sample of samples.filter(({ status }) => status === 200)) {
      const { revision, code, model, setting } = parse(sample);
      assert.deepEqual([code, model, setting], expected[revision - 1]);
      assert.ok(
        sample.began <= (ended.get(revision) ?? Number.POSITIVE_INFINITY),
        `revision ${revision} answered a request that began after its drain`,
      );
    }
  });
});

function parse(sample: Sample): Answer {
  return JSON.parse(sample.body) as Answer;
}
