import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { startLoad } from '../../harness/load.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import type { QuickInput } from './workbench/quick-input.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

suite('from an empty folder to a model server and back, without a terminal', () => {
  let workbench: Workbench;
  let quick: QuickInput;
  let predictor: string;
  const words = /^words, model server/;

  before(async () => {
    workbench = await openWorkbench({});
    quick = workbench.quick;
    predictor = join(workbench.window.place.workspace, 'predictor.py');
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  async function replace(old: string, by: string): Promise<void> {
    const text = await readFile(predictor, 'utf8');
    assert.ok(text.includes(old), `${predictor} does not contain ${old}`);
    await writeFile(predictor, text.replace(old, by));
  }

  test('an empty view says what it is for, and its first button leads on', async () => {
    await workbench.openContainer('Spell');
    const empty = workbench.page.getByText('No model server yet.');
    await empty.waitFor();
    await takeScreenshots(workbench, 'empty', () => empty.waitFor(), workbench.sideBar);
    await workbench.page.getByRole('button', { name: 'Create a Predictor…' }).first().click();
    await quick.titled('Create a predictor (1/2)');
    await quick.row('One request at a time').click();
    await quick.titled('Create a predictor (2/2)');
    await quick.type('words');
    await quick.accept();
    await workbench.tab('predictor.py').waitFor();
  });

  test('a file becomes a model', async () => {
    await workbench.page.getByRole('button', { name: 'Create Model…' }).first().click();
    await quick.titled('Create a model');
    await quick.row('Choose a file…').click();
    await quick.row('payload.json').click();
    await quick.says('A name for the model');
    await quick.type('words');
    await quick.accept();
    await quick.says('A name for the version');
    await quick.type('first');
    await quick.accept();
    await workbench.treeItem('words, model, latest version first (v1)').waitFor();
  });

  test('the wizard serves it with that model, and the tree shows it run', async () => {
    await workbench.openFile('predictor.py');
    await workbench.palette('Spell: Serve a Predictor…');
    await quick.titled('Serve a predictor (1/3)');
    await quick.row(/^words/).click();
    await quick.accept();
    await quick.titled('Serve a predictor (2/3)');
    await quick.accept();
    await quick.titled('Serve a predictor (3/3)');
    await quick.row('Serve').click();
    const running = workbench.treeItem(/^words, model server, running, 1 of 1 pod ready/);
    await running.waitFor();
    await running.click();
    await workbench.page.keyboard.press('ArrowRight');
    await workbench.treeItem('words:v1, model').waitFor();
    const pod = workbench.treeItem(/^words-1-\w+, pod, ready · revision 1/);
    await takeScreenshots(workbench, 'running', () => pod.waitFor(), workbench.sideBar);
  });

  test('a request is sent from the payload beside it, and answered', async () => {
    await workbench.openFile('payload.json');
    await workbench.editor.locator('.view-lines').click();
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.page.locator('.view-line').filter({ hasText: 'Hello, Ada!' }).waitFor();
  });

  test('a mistake is underlined as it is made, and no more when it is mended', async () => {
    await workbench.openFile('predictor.py');
    const mistake = workbench.editor.locator('.squiggly-error').first();
    await replace('def predict(self, payload):', 'def predict(self):');
    await mistake.waitFor();
    await replace('def predict(self):', 'def predict(self, payload):');
    await mistake.waitFor({ state: 'hidden' });
  });

  test('an update while requests come loses none of them', async () => {
    const { url } = await described();
    const load = startLoad(`${url}/predict`, { name: 'Ada' }, 50);
    await replace('"Hello"', '"Good day"');
    await workbench.contextMenu(workbench.treeItem(words), 'Update Model Server');
    await quick.row(/^Take the code again/).click();
    await quick.row('Roll out').click();
    await workbench.notification('Revision 2 of words answers.');
    const samples = await load.stop();
    assert.deepEqual(
      samples.filter(({ status }) => status !== 200),
      [],
    );
    assert.ok(samples.some(({ body }) => body.includes('Hello')) && samples.some(({ body }) => body.includes('Good day')));
  });

  test('an update whose __init__ raises is taken back: the tree says so, the line is marked, the old revision answers', async () => {
    await replace('self.greeting = "Good day"', 'self.greeting = {}["greeting"]');
    await workbench.editor.locator('.codelens-decoration a').filter({ hasText: 'Update words' }).click();
    const failed = workbench.treeItem(/^words, model server, running.*the update failed/);
    await failed.waitFor();
    await workbench.treeItem("Revision 3, rollout, failed · Predictor.__init__ raised KeyError: 'greeting'").waitFor();
    await workbench.palette('View: Focus Problems');
    await workbench.treeItem(/words: Predictor.__init__ raised KeyError: 'greeting'.* at line 7 and character 9/s).waitFor();
    const told = await workbench.notification(
      "revision 3 failed: Predictor.__init__ raised KeyError: 'greeting'; revision 2 goes on answering",
    );
    await told.getByRole('button', { name: 'Show Logs' }).waitFor();
    await takeScreenshots(workbench, 'update-failed', () => failed.waitFor(), workbench.sideBar);
    const { url } = await described();
    assert.deepEqual(await answerOf(url), { message: 'Good day, Ada!' });
  });

  test('rolled back to the first revision it says what that one said, and nothing is marked any more', async () => {
    await workbench.palette('Spell: Roll Back Model Server…');
    await quick.titled('Roll back a model server');
    await quick.row(/^words/).click();
    await quick.titled('Roll words back to');
    const [first = '', second = ''] = await quick.rows();
    assert.match(first, /^Revision 1, /);
    assert.match(second, /^Revision 3, failed/);
    await quick.row(/^Revision 1/).click();
    await workbench.notification('Revision 1 of words answers.');
    await workbench.page.getByText('No problems have been detected in the workspace.').waitFor();
    const { url } = await described();
    assert.deepEqual(await answerOf(url), { message: 'Hello, Ada!' });
  });

  test('it is stopped and removed from the tree, after a question that says what is lost', async () => {
    await workbench.contextMenu(workbench.treeItem(words), 'Stop Model Server');
    await workbench.treeItem(/^words, model server, stopped/).waitFor();
    await workbench.contextMenu(workbench.treeItem(words), 'Remove Model Server…');
    const dialog = workbench.dialog('Remove the model server words?');
    await takeScreenshots(
      workbench,
      'remove',
      () => dialog.getByText('Its endpoint, its revisions and its logs are lost.').waitFor(),
      dialog,
    );
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await workbench.page.getByText('No model server yet.').waitFor();
  });

  async function described(): Promise<ModelServer> {
    return workbench.api<ModelServer>('describeModelServer', { owner: 'local', name: 'words' });
  }

  async function answerOf(url: string): Promise<unknown> {
    const answer = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify({ name: 'Ada' }) });
    return answer.json();
  }
});
