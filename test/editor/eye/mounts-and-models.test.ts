import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import type { QuickInput } from './workbench/quick-input.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** Says what it can read, and which models it has. */
const predictor = `import os

from spell.serving import BasePredictor


class Reader(BasePredictor):
    def predict(self, payload):
        words = "/mounts/vocab/words.txt"
        infos = self.model_info
        infos = [] if infos is None else infos if isinstance(infos, list) else [infos]
        return {
            "words": open(words).read() if os.path.exists(words) else None,
            "models": sorted(f"{info.name}:{info.version}" for info in infos),
        }
`;

const reader = { owner: 'local', name: 'reader' };

suite('what a model server reads is added and taken away in its tree', () => {
  let workbench: Workbench;
  let quick: QuickInput;
  const node = /^reader, model server/;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    quick = workbench.quick;
    await fileOf('reader.py', predictor);
    await fileOf('words.txt', 'one two');
    await fileOf('menu.json', '{}');
    await upload('words.txt', 'text');
    await workbench.invoke({ command: 'spell.model.create', args: [uriOf('menu.json'), { name: 'menu' }] });
    await workbench.invoke({ command: 'spell.model.createVersion', args: [{ model: 'menu' }, { resource: 'uploads/menu.json' }] });
    const options = { settings: { 'server-name': 'reader' }, check: false };
    await workbench.invoke({ command: 'spell.modelServer.serve', args: [uriOf('reader.py'), options] });
    await workbench.openContainer('Spell');
    await workbench.treeItem(node).click();
    await workbench.treeItem(/\/local\/reader\/predict, endpoint/).waitFor();
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  function uriOf(file: string): object {
    return { $uri: `file://${join(workbench.window.place.workspace, file)}` };
  }

  async function fileOf(file: string, text: string): Promise<void> {
    await writeFile(join(workbench.window.place.workspace, file), text);
  }

  async function upload(file: string, name: string): Promise<void> {
    await workbench.invoke({ command: 'spell.resource.upload', args: [uriOf(file), { name }] });
  }

  function described(): Promise<ModelServer> {
    return workbench.api<ModelServer>('describeModelServer', reader);
  }

  /** Waits until a revision answers and the row of its rollout is gone: it stands above the others, which move up then. */
  async function rolledOut(revision: number): Promise<void> {
    await workbench.notification(`Revision ${revision} of reader answers.`);
    await workbench.treeItem(/, rollout, /).waitFor({ state: 'detached' });
  }

  async function answers(): Promise<unknown> {
    const { url } = await described();
    return (await fetch(`${url}/predict`, { method: 'POST', body: '{}' })).json();
  }

  test('a mount is added step by step, and a place that cannot be is told while it is typed', async () => {
    assert.deepEqual(await answers(), { words: null, models: [] });
    await workbench.contextMenu(workbench.treeItem(node), 'Add Mount to Model Server…');
    await quick.titled('Add a mount to reader (1/2)');
    await takeScreenshots(workbench, 'mount-resource', () => quick.row(/^uploads\/text/).waitFor(), quick.widget);
    assert.deepEqual((await quick.rows()).at(-1), 'Upload a file or folder…');
    await quick.row(/^uploads\/text/).click();
    await quick.titled('Add a mount to reader (2/2)');
    assert.equal(await quick.value, 'text');
    for (const [wrong, why] of [
      ['../vocab', /leaves \/mounts/],
      ['/mounts', /name a place below it/],
      ['a:b', /more than one ":"/],
    ] as const) {
      await quick.type(wrong);
      await quick.says(why);
      await quick.accept();
      await quick.titled('Add a mount to reader (2/2)');
    }
    await takeScreenshots(workbench, 'mount-wrong-place', () => quick.says(/more than one/), quick.widget);
    await quick.type('vocab');
    await quick.says('a path below /mounts');
    await quick.accept();
    await rolledOut(2);
    const mount = workbench.treeItem('/mounts/vocab, mount, uploads/text');
    await takeScreenshots(workbench, 'mounted', () => mount.waitFor(), workbench.sideBar);
    assert.deepEqual(await answers(), { words: 'one two', models: [] });
  });

  test('another one cannot take its place', async () => {
    // The list of notifications would take the Escape.
    await workbench.invoke({ command: 'notifications.clearAll' });
    await workbench.contextMenu(workbench.treeItem(node), 'Add Mount to Model Server…');
    await quick.row(/^uploads\/text/).click();
    await quick.titled('Add a mount to reader (2/2)');
    await quick.back();
    await quick.titled('Add a mount to reader (1/2)');
    await quick.row(/^uploads\/menu\.json/).click();
    await quick.type('vocab/menu');
    await quick.says('clash: uploads/text would be at /mounts/vocab, and uploads/menu.json at /mounts/vocab/menu');
    await quick.cancel();
    assert.equal((await described()).revision, 2);
  });

  test('a model is added in one of its versions', async () => {
    await workbench.palette('Spell: Add Model to Model Server…');
    await quick.titled('Add a model to a model server');
    await quick.row(/^reader/).click();
    await quick.titled('Add a model to reader (1/2)');
    await quick.row(/^menu/).click();
    await quick.titled('Add a model to reader (2/2)');
    await takeScreenshots(workbench, 'model-version', () => quick.row(/^v2, .*the newest/).waitFor(), quick.widget);
    await quick.row(/^v1, /).click();
    await rolledOut(3);
    await workbench.treeItem('menu:v1, model').waitFor();
    assert.deepEqual(await answers(), { words: 'one two', models: ['menu:v1'] });
  });

  test('each is taken away by the action beside it, by a revision that can be gone back from', async () => {
    await workbench.clickAction(workbench.treeItem('menu:v1, model'), 'Remove Model from Model Server…');
    await rolledOut(4);
    await workbench.treeItem('menu:v1, model').waitFor({ state: 'detached' });
    await workbench.clickAction(workbench.treeItem('/mounts/vocab, mount'), 'Remove Mount from Model Server…');
    await rolledOut(5);
    await workbench.treeItem('/mounts/vocab, mount').waitFor({ state: 'detached' });
    assert.deepEqual(await answers(), { words: null, models: [] });
    await workbench.invoke({ command: 'spell.modelServer.rollback', args: [reader, { to: 3 }] });
    assert.deepEqual(await answers(), { words: 'one two', models: ['menu:v1'] });
  });

  test('one that is stopped stays so, and takes it when it starts', async () => {
    await workbench.invoke({ command: 'spell.modelServer.stop', args: [reader, {}] });
    await workbench.treeItem(/^reader, model server, stopped/).waitFor();
    await workbench.palette('Spell: Remove Mount from Model Server…');
    await quick.row(/^reader/).click();
    await quick.titled('Remove a mount from reader');
    await quick.row('/mounts/vocab, uploads/text').click();
    const told = await workbench.notification('reader is stopped: it takes this when it starts.');
    await told.getByRole('button', { name: 'Start' }).click();
    await workbench.treeItem(/^reader, model server, running/).waitFor();
    assert.deepEqual(await answers(), { words: null, models: ['menu:v1'] });
  });

  test('where there is none, that is said', async () => {
    await workbench.invoke({ command: 'notifications.clearAll' });
    await workbench.contextMenu(workbench.treeItem(node), 'Remove Mount from Model Server…');
    await workbench.notification('reader has no mount.');
  });
});
