import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import type { ModelServer, Revision } from '../../../runtime/api/objects.ts';
import { root } from '../../../scripts/root.ts';
import { eventually } from '../../harness/eventually.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import type { QuickInput } from './workbench/quick-input.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

suite('the wizards, step by step', () => {
  let workbench: Workbench;
  let quick: QuickInput;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    quick = workbench.quick;
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  /** Runs the `spell` command in the window's home and folder, as in a terminal beside it. */
  async function spell(...args: string[]): Promise<string> {
    const { workspace, env } = workbench.window.place;
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist', 'spell.js'), ...args], { cwd: workspace, env });
    return stdout;
  }

  async function modelServers(): Promise<ModelServer[]> {
    return JSON.parse(await spell('server', 'list', '-o', 'json')) as ModelServer[];
  }

  test('the first step lists the predictors of the folder, and what is chosen brings what its spell.yaml says', async () => {
    await workbench.palette('Spell: Serve a Predictor…');
    await quick.titled('Serve a predictor (1/4)');
    assert.deepEqual(await quick.rows(), ['mistaken.py', 'predictor.py', 'Choose a file…']);
    await takeScreenshots(workbench, 'wizard-file', () => quick.row('predictor.py').waitFor(), quick.widget);
    await quick.row('predictor.py').click();
    await quick.titled('Serve a predictor (2/4)');
    await takeScreenshots(workbench, 'wizard-no-model', () => quick.row('Create new model…').waitFor(), quick.widget);
    await quick.row('No model').click();
    await quick.titled('Serve a predictor (3/4)');
    assert.equal(await quick.value, 'shout');
  });

  test('the way back leads over the same steps, with what was answered', async () => {
    await quick.back();
    await quick.titled('Serve a predictor (2/4)');
    await quick.back();
    await quick.titled('Serve a predictor (1/4)');
    await quick.row('predictor.py').click();
  });

  test('a model that is not there yet is created inside the picker, and is chosen then', async () => {
    await quick.row('Create new model…').click();
    await quick.titled('Create a model');
    await quick.row('Choose a file…').click();
    await quick.row('spell.yaml').click();
    await quick.says('A name for the model');
    await quick.type('Loud Words');
    await quick.says('only letters');
    await takeScreenshots(workbench, 'wizard-wrong-name', () => quick.says('only letters'), quick.widget);
    await quick.type('words');
    await quick.accept();
    await quick.says('A name for the version');
    await quick.accept();
    await quick.titled('Serve a predictor (2/4)');
    const words = quick.row(/^words/);
    await words.and(workbench.page.locator('[aria-checked="true"]')).waitFor();
    await takeScreenshots(workbench, 'wizard-models', () => words.waitFor(), quick.widget);
    await quick.accept();
  });

  test('a name that cannot be is told while it is typed, and cannot be accepted', async () => {
    await quick.titled('Serve a predictor (3/4)');
    for (const wrong of ['', 'a b', '-x', 'a/b']) {
      await quick.type(wrong);
      await quick.says(/name/);
      await quick.accept();
      await quick.titled('Serve a predictor (3/4)');
    }
    await quick.type('shout');
    await quick.accept();
    await quick.titled('Serve a predictor (4/4)');
  });

  test('the last step shows all of it, and a setting is changed from there; what cannot be taken is told', async () => {
    assert.deepEqual((await quick.rows()).slice(0, 3), ['Serve', 'Save as spell.yaml and serve', 'Copy the command line']);
    await quick.row(/^server-name.*shout/).waitFor();
    await quick.row(/^model, words/).waitFor();
    await quick.row(/^entrypoint.*predictor\.py/).waitFor();
    await takeScreenshots(workbench, 'wizard-review', () => quick.row(/^entrypoint/).waitFor(), quick.widget);
    await quick.type('min-pods');
    await quick.row(/^min-pods/).click();
    await quick.titled('Serve a predictor: min-pods (4/4)');
    await quick.type('none');
    await quick.says('min-pods');
    await takeScreenshots(workbench, 'wizard-wrong-number', () => quick.says('min-pods'), quick.widget);
    await quick.type('2');
    await quick.accept();
    await quick.row(/^min-pods, 2/).waitFor();
  });

  test('cancelled at its last step it leaves nothing behind but the model, which was asked for', async () => {
    await quick.cancel();
    assert.deepEqual(await modelServers(), []);
    assert.equal(
      await readFile(join(workbench.window.place.workspace, 'spell.yaml'), 'utf8'),
      'server-name: shout\nentrypoint: predictor.py\n',
    );
  });

  test('the command line that is copied serves the same from a terminal', async () => {
    await workbench.openFile('predictor.py');
    await workbench.palette('Spell: Serve a Predictor…');
    await quick.titled('Serve a predictor (1/3)');
    await quick.accept();
    await quick.titled('Serve a predictor (2/3)');
    await quick.accept();
    await quick.row('Copy the command line').click();
    await workbench.notification('Nothing was served');
    assert.deepEqual(await modelServers(), []);
    const line = await workbench.invoke<string>({ clipboard: 'text' });
    assert.equal(line, 'spell server serve --name shout predictor.py');
    await spell(...line.split(' ').slice(1));
    const [shout, ...others] = await modelServers();
    assert.deepEqual([shout?.name, shout?.state, others.length], ['shout', 'running', 0]);
  });

  test('a name that is taken is told, and another one is saved in spell.yaml and served', async () => {
    await workbench.palette('Spell: Serve a Predictor…');
    await quick.titled('Serve a predictor (1/3)');
    await quick.accept();
    await quick.titled('Serve a predictor (2/3)');
    await quick.type('shout');
    await quick.accept();
    await quick.says('shout exists already: update it, or choose another name');
    await quick.type('second');
    await quick.accept();
    await quick.row('Save as spell.yaml and serve').click();
    const served = await workbench.notification('second answers at');
    await takeScreenshots(workbench, 'served', () => served.waitFor(), served);
    const text = await readFile(join(workbench.window.place.workspace, 'spell.yaml'), 'utf8');
    assert.equal(text, 'server-name: shout\nentrypoint: predictor.py\n---\nserver-name: second\nentrypoint: predictor.py\n');
  });

  test('the update wizard shows each change beside what is now, and changes that and nothing else', async () => {
    await workbench.palette('Spell: Update Model Server…');
    await quick.row(/^shout/).click();
    await quick.titled('Update shout');
    assert.ok(!(await quick.rows()).includes('Roll out'), 'nothing was changed yet');
    await quick.type('predict-timeout');
    await quick.row(/^predict-timeout/).click();
    await quick.type('-1');
    await quick.says('predict-timeout');
    await quick.type('7');
    await quick.accept();
    await quick.row(/^predict-timeout, 60 → 7/).waitFor();
    await takeScreenshots(workbench, 'wizard-update', () => quick.row(/60 → 7/).waitFor(), quick.widget);
    await quick.row('Roll out').click();
    await workbench.notification('Revision 2 of shout answers.');
    const [now] = JSON.parse(await spell('server', 'revisions', 'shout', '-o', 'json')) as Revision[];
    assert.deepEqual(now?.changes, ['predict-timeout: 60 → 7']);
  });

  /** What is asked where two revisions have no room beside each other. */
  const noRoom = (): Locator => workbench.dialog('There is no room for two revisions of shout. End the old one first?');

  async function change(setting: string, value: string): Promise<void> {
    await workbench.palette('Spell: Update Model Server…');
    await quick.row(/^shout/).click();
    await quick.titled('Update shout');
    await quick.type(setting);
    await quick.row(new RegExp(`^${setting},`)).click();
    await quick.titled(`Update shout: ${setting}`);
    await quick.type(value);
    await quick.accept();
    await quick.row('Roll out').click();
  }

  const answering = async (): Promise<number | undefined> => (await modelServers()).find(({ name }) => name === 'shout')?.revision;

  test('an update without room for both revisions asks whether the old one shall end first, and nothing happens when it shall not', async () => {
    await change('cpu-request', String(availableParallelism()));
    await workbench.notification('Revision 3 of shout answers.');
    await change('predict-timeout', '8');
    await noRoom()
      .getByText(/Revision 4 has no room beside revision 3: each pod needs .* CPUs? \(cpu-request\)/)
      .waitFor();
    await takeScreenshots(workbench, 'no-room', () => noRoom().waitFor(), noRoom());
    await noRoom().getByRole('button', { name: 'Cancel' }).click();
    await noRoom().waitFor({ state: 'hidden' });
    assert.equal(await answering(), 3);
  });

  test('the old revision ends first when somebody says so, of an update and of a rollback', async () => {
    await change('predict-timeout', '9');
    await noRoom().getByRole('button', { name: 'End the Old One First' }).click();
    await workbench.notification('Revision 6 of shout answers.');
    await workbench.palette('Spell: Roll Back Model Server…');
    await quick.row(/^shout/).click();
    await quick.titled('Roll shout back to');
    await quick.row(/^Revision 3/).click();
    await noRoom().getByText('Revision 3 has no room beside revision 6').waitFor();
    await noRoom().getByRole('button', { name: 'End the Old One First' }).click();
    await eventually(async () => assert.equal(await answering(), 3), 60_000);
  });
});
