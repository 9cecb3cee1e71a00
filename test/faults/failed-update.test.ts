import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeHome, type TestHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';

const good = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.answer = "old"

    def predict(self, payload):
        return self.answer
`;

/** Each way in which an update can fail to start, and the line that is to blame. */
const broken: { how: string; code: string; line: number | null; says: RegExp; options?: string[] }[] = [
  { how: 'raises on import', code: good.replace('\n\n\n', '\n\nimport no_such_package\n\n\n'), line: 3, says: /no_such_package/ },
  { how: 'has a syntax error', code: good.replace('"old"', '"old'), line: 6, says: /string literal/ },
  { how: 'raises in __init__', code: good.replace('self.answer = "old"', 'self.answer = {}["missing"]'), line: 6, says: /KeyError/ },
  {
    how: 'never gets ready',
    code: good.replace('self.answer = "old"', 'import threading; threading.Event().wait()'),
    line: null,
    says: /2 s/,
    options: ['--startup-timeout', '2'],
  },
];

describe('an update that cannot start', () => {
  let home: TestHome;
  let entrypoint: string;
  let url: string;
  before(async () => {
    home = await makeHome();
    const project = join(home.folder, 'project');
    await mkdir(project);
    entrypoint = join(project, 'predictor.py');
    await writeFile(entrypoint, good);
    url = (await home.ok(['server', 'serve', '--name', 'steady', entrypoint])).trim();
  });
  after(() => home.close());

  for (const { how, code, line, says, options = [] } of broken) {
    it(`that ${how}: the old revision answers all the while, the reason and the line are told, the status is 1`, async () => {
      await writeFile(entrypoint, code);
      const load = startLoad(url, {}, 100);
      const ended = await home.spell(['server', 'update', 'steady', '--entrypoint', entrypoint, ...options]);
      const samples = await load.stop();
      assert.equal(ended.status, 1);
      assert.match(ended.stderr, /^error: /m);
      assert.match(ended.stderr, says);
      assert.ok(samples.length > 0);
      assert.deepEqual(new Set(samples.map((sample) => `${sample.status} ${sample.body}`)), new Set(['200 old']));

      type Described = { state: string; rollout: { state: string; reason: string; failure: { file: string; line: number } | null } };
      const described = await home.json<Described>(['server', 'describe', 'steady']);
      assert.equal(described.state, 'running');
      assert.equal(described.rollout.state, 'failed');
      assert.match(described.rollout.reason, says);
      const shown = await home.ok(['server', 'describe', 'steady']);
      assert.match(shown, says);
      if (line !== null) {
        assert.deepEqual([described.rollout.failure?.file, described.rollout.failure?.line], ['predictor.py', line]);
        assert.match(shown, new RegExp(`predictor\\.py:${line}`));
      }
    });
  }
});
