import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ModelServer, Revision } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

/** Says what it finds below /mounts, in a path that is literal and in one that is made, and what becomes of a write. */
const predictor = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        with open("/mounts/config/settings.txt") as settings:
            self.settings = settings.read()

    def predict(self, payload):
        place = "/mounts/" + payload["place"]
        if payload.get("write"):
            try:
                with open(place, "w") as file:
                    file.write("changed")
            except OSError as error:
                return {"refused": type(error).__name__}
        return {
            "settings": self.settings,
            "there": sorted(os.listdir(place)) if os.path.isdir(place) else open(place).read(),
            "models": [[info.name, info.version, sorted(os.listdir(info.path()))] for info in self.model_info],
        }
`;

for (const paths of ['namespace', 'rewrite']) {
  describe(`mounts and several models, with /mounts by ${paths}`, () => {
    let home: TestHome;
    const env = { SPELL_PATHS: paths };
    before(async () => {
      home = await makeHome();
      await home.ok(['up'], { env });
      const folders: Record<string, Record<string, string>> = {
        config: { 'settings.txt': 'first', 'deep/more.txt': 'more' },
        text: { 'words.txt': 'a b c' },
        one: { 'one.bin': '1' },
        two: { 'two.bin': '2' },
      };
      for (const [folder, files] of Object.entries(folders)) {
        for (const [file, content] of Object.entries(files)) {
          const path = join(home.folder, folder, file);
          await mkdir(join(path, '..'), { recursive: true });
          await writeFile(path, content);
        }
        await home.ok(['upload', folder]);
      }
      for (const model of ['one', 'two']) await home.ok(['model', 'create', model, `uploads/${model}`]);
      await writeFile(join(home.folder, 'predictor.py'), predictor);
    });
    after(() => home.close());

    const ask = async (payload: object): Promise<Record<string, unknown>> => {
      const { url } = await home.json<ModelServer>(['server', 'describe', 'mounted']);
      const { status, text } = await predict(`${url}/predict`, payload);
      assert.equal(status, 200, text);
      return JSON.parse(text) as Record<string, unknown>;
    };

    it('what is mounted stands below /mounts, each model in a folder of its name', async () => {
      const mounts = ['-m', 'uploads/config', '--mount', 'uploads/text/words.txt:/mounts/vocab/words', '-m', 'uploads/text:lists'];
      await home.ok(['server', 'serve', '--name', 'mounted', ...mounts, 'one', 'two:v1', 'predictor.py']);
      assert.deepEqual(await ask({ place: 'config' }), {
        settings: 'first',
        there: ['deep', 'settings.txt'],
        models: [
          ['one', 'v1', ['one.bin']],
          ['two', 'v1', ['two.bin']],
        ],
      });
      assert.equal((await ask({ place: 'vocab/words' })).there, 'a b c');
      assert.deepEqual((await ask({ place: 'lists' })).there, ['words.txt']);
    });

    it('a predictor that writes there damages nothing', async () => {
      await ask({ place: 'lists/words.txt', write: true });
      await home.ok(['cp', 'uploads/text', 'back']);
      assert.equal(await readFile(join(home.folder, 'back', 'words.txt'), 'utf8'), 'a b c');
    });

    it('what is mounted stays as it was until it is mounted again', async () => {
      await writeFile(join(home.folder, 'config', 'settings.txt'), 'second');
      await home.ok(['upload', 'config']);
      await home.ok(['server', 'update', 'mounted', '-d', 'another description']);
      assert.equal((await ask({ place: 'config' })).settings, 'first');
      await home.ok(['server', 'update', 'mounted', '-m', 'uploads/config']);
      assert.deepEqual(await ask({ place: '' }), {
        settings: 'second',
        there: ['config'],
        models: [
          ['one', 'v1', ['one.bin']],
          ['two', 'v1', ['two.bin']],
        ],
      });
      const [last] = await home.json<Revision[]>(['server', 'revisions', 'mounted']);
      assert.deepEqual(last?.changes, [
        'mounts: ~ uploads/config',
        'mounts: − uploads/text/words.txt:/mounts/vocab/words, − uploads/text:lists',
      ]);
    });

    it('mounts and models are added and taken away one by one', async () => {
      await home.ok(['server', 'mounts', 'add', 'mounted', 'uploads/text:vocab']);
      assert.deepEqual((await ask({ place: '' })).there, ['config', 'vocab']);
      await home.ok(['server', 'mounts', 'rm', 'mounted', '/mounts/vocab']);
      assert.deepEqual((await ask({ place: '' })).there, ['config']);
      await home.ok(['server', 'models', 'rm', 'mounted', 'one']);
      assert.deepEqual((await home.json<ModelServer>(['server', 'describe', 'mounted'])).models, ['two:v1']);
      await home.ok(['server', 'models', 'add', 'mounted', 'one']);
      assert.deepEqual((await home.json<ModelServer>(['server', 'describe', 'mounted'])).models, ['two:v1', 'one:v1']);
    });

    it('what cannot be mounted is refused with its reason, and a resource that is mounted stays', async () => {
      const refused = async (status: number, sentence: RegExp, ...args: string[]): Promise<void> => {
        const ended = await home.spell(args);
        assert.equal(ended.status, status, ended.stderr);
        assert.match(ended.stderr, sentence);
      };
      const mount = (text: string): string[] => ['server', 'mounts', 'add', 'mounted', text];
      await refused(2, /more than one ":"/, ...mount('uploads/text:a:b'));
      await refused(2, /leaves \/mounts/, ...mount('uploads/text:../etc'));
      await refused(2, /is \/mounts itself/, ...mount('uploads/text:/'));
      await refused(
        2,
        /clash: uploads\/config would be at \/mounts\/config, and uploads\/text at \/mounts\/config\/deep/,
        ...mount('uploads/text:config/deep'),
      );
      await refused(3, /there is no resource "uploads\/txt"/, ...mount('uploads/txt'));
      await refused(3, /has no mount "vocab"/, 'server', 'mounts', 'rm', 'mounted', 'vocab');
      await refused(1, /uploads\/config is mounted by local\/mounted \(revision \d+\)/, 'rm', 'uploads/config', '--yes');
    });
  });
}
