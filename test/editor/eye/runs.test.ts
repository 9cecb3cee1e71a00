import { spawnSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { spellStub } from '../../harness/home.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

suite('runs as their owner sees them', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    const { workspace, home } = workbench.window.place;
    const run = (name: string, script: string): unknown =>
      spawnSync(process.execPath, [spellStub, 'run', '--name', name, '--', 'sh', '-c', script], {
        cwd: workspace,
        env: { ...process.env, SPELL_HOME: home },
      });
    run('cifar', 'mkdir -p out; echo weights > out/model.h5; echo notes > out/notes.txt; echo epoch 1: loss 0.7; echo careful >&2');
    run('broken', 'echo no data; exit 3');
    run('given-up', 'kill -INT $$');
    await workbench.openContainer('Spell');
    await workbench.view('Resources').waitFor();
    await workbench.invoke({ command: 'spell.resources.focus' });
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  test('each says its name and how it ended, with its files below, readable in every theme', async () => {
    const complete = workbench.treeItem(/^runs\/1, run, cifar · complete · 2 files/);
    await complete.waitFor();
    await complete.click();
    await workbench.treeItem(/^out, folder/).click();
    const file = workbench.treeItem(/^model\.h5, file/);
    await takeScreenshots(workbench, 'runs', async () => {
      await file.waitFor();
      await workbench.treeItem(/^runs\/2, run, broken · failed \(3\)/).waitFor();
      await workbench.treeItem(/^runs\/3, run, given-up · interrupted/).waitFor();
    });
  });

  test('a model is made of one of its files by the action beside it', async () => {
    await workbench.clickAction(workbench.treeItem(/^runs\/1, run/), 'Create Model from Run');
    await workbench.row('out/notes.txt').waitFor();
    await takeScreenshots(workbench, 'run-files', () => workbench.row('out/model.h5').waitFor());
    await workbench.row('out/notes.txt').click();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-message').filter({ hasText: 'A name for the model' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-message').filter({ hasText: 'A name for the version' }).waitFor();
    await workbench.answer('');
    await workbench.notification('Created cifar:v1 from runs/1.');
  });

  test('its log opens beside it', async () => {
    await workbench.clickAction(workbench.treeItem(/^runs\/1, run/), 'Show Run Log');
    await workbench.tab('runs-1.spell-log').waitFor();
    const line = workbench.editor.locator('.view-line').filter({ hasText: 'epoch 1: loss 0.7' });
    await takeScreenshots(workbench, 'run-log', () => line.waitFor());
  });
});
