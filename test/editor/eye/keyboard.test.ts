import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { eventually } from '../../harness/eventually.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { Keyboard } from './workbench/keyboard.ts';
import { inEachTheme } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const running = /^orders, model server, running/;

suite('without a mouse', () => {
  let workbench: Workbench;
  let keyboard: Keyboard;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/requests' });
    keyboard = new Keyboard(workbench);
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  const line = (words: string) => workbench.page.locator('.view-line').filter({ hasText: words });

  /** Goes to the model server in the tree. */
  async function toServer(name = running): Promise<void> {
    await workbench.treeItem(name).waitFor({ timeout: 60_000 });
    await keyboard.command('Spell: Focus on Model Servers View');
    await keyboard.goBy('Home', name);
  }

  test('a predictor is opened, and served by the button of the empty view', async () => {
    await keyboard.press('Control+P');
    await keyboard.choose('predictor.py', 'predictor.py');
    await workbench.tab('predictor.py').waitFor();
    await keyboard.command('Spell: Focus on Model Servers View');
    await workbench.sideBar.getByRole('button', { name: 'Serve This File' }).waitFor();
    await keyboard.command('Spell: Focus on Model Servers View');
    await keyboard.on('Welcome');
    await keyboard.goBy('Tab', 'Serve This File');
    await keyboard.press('Enter');
    await workbench.treeItem(running).waitFor({ timeout: 60_000 });
  });

  test('the arrows lead through the tree, and what has the keyboard is seen in every theme', async () => {
    await toServer();
    await keyboard.press('ArrowRight');
    await workbench.treeItem(/^orders-1-/).waitFor();
    await inEachTheme(workbench, undefined, async () => {
      await keyboard.on(running);
      await keyboard.goBy('ArrowDown', /, endpoint$/);
      await keyboard.goBy('ArrowDown', /^Revisions, /);
      await keyboard.goBy('ArrowDown', /^orders-1-\w+, pod, ready/);
      await keyboard.press('ArrowLeft');
      await keyboard.on(running);
    });
    await keyboard.press('ArrowLeft');
    await workbench.treeItem(/^orders-1-/).waitFor({ state: 'hidden' });
  });

  test('its menu leads to a payload, a key sends that, and the answer is gone to', async () => {
    await toServer();
    await keyboard.menu('Send Request');
    await keyboard.on(/^payload\.json/);
    await keyboard.press('Control+A', 'Delete');
    await keyboard.type('{ "item": "tea" }');
    await line('{ "item": "tea" }').waitFor();
    await keyboard.press('Control+Enter');
    await line('"price": 6').waitFor();
    await keyboard.press('Control+2');
    await keyboard.on(/^orders answer/);
  });

  test('its log is followed and filtered', async () => {
    await toServer();
    await keyboard.menu('Show Logs');
    const panel = workbench.webview().locator('body');
    await workbench.webview().locator('.row').first().waitFor();
    await keyboard.isIn(panel);
    await keyboard.goBy('Tab', 'Filter', panel);
    await keyboard.type('nothing has these words');
    await workbench.webview().getByText('The filter hides all lines.').waitFor();
  });

  test('changed code is rolled out by the CodeLens of its class', async () => {
    await keyboard.press('Control+1');
    await keyboard.on(/^payload\.json/);
    await keyboard.press('Control+P');
    await keyboard.choose('predictor.py', 'predictor.py');
    await keyboard.on(/^predictor\.py/);
    await keyboard.line(22);
    await keyboard.press('End', 'ArrowLeft', 'Backspace');
    await keyboard.type('4');
    await line('"price": order.count * 4').waitFor();
    await keyboard.press('Control+S');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'hidden' });
    await keyboard.line(14);
    await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Update orders' }).waitFor();
    await keyboard.lens('Update orders');
    await answers(8);
  });

  test('it is rolled back, and scaled, by steps in which only letters, arrows and Enter are pressed', async () => {
    await toServer();
    await keyboard.menu('Roll Back Model Server…');
    await keyboard.choose('', /^Revision 1, /);
    await answers(6);
    await toServer();
    await keyboard.menu('Scale Model Server…');
    await keyboard.choose('min-pods', /^min-pods, /);
    await workbench.quick.titled('Scale orders: min-pods');
    await keyboard.press('Control+A');
    await keyboard.type('2');
    await keyboard.press('Enter');
    await keyboard.goBy('ArrowUp', 'Scale');
    await keyboard.press('Enter');
    await toServer(/^orders, model server, running, 2 of 2 /);
  });

  test('what was told is read again, with what it offers', async () => {
    await keyboard.command('Notifications: Show Notifications');
    // It may come after the list of them is open, and stands above then.
    await keyboard.goBy('Home', /orders has 2 of 2 /);
    await keyboard.goBy('Tab', 'Send Request');
    await keyboard.press('Escape');
  });

  test('the control plane is asked from the status bar', async () => {
    await keyboard.command('View: Focus Status Bar');
    await keyboard.goBy('ArrowRight', /^Spell: /);
    await keyboard.press('Enter');
    await keyboard.choose('Show log', 'Show log');
    await keyboard.on('Spell - Output');
  });

  test('it is stopped, and removed after a question', async () => {
    await toServer();
    await keyboard.menu('Stop Model Server');
    await toServer(/^orders, model server, stopped/);
    await keyboard.menu('Remove Model Server…');
    await workbench.dialog('Remove the model server orders?').waitFor();
    await keyboard.goBy('Tab', 'Remove');
    await keyboard.press('Enter');
    await workbench.page.getByText('No model server yet.').waitFor();
  });

  /** Waits until a cup of tea costs this. */
  async function answers(price: number): Promise<void> {
    const { url } = await workbench.api<ModelServer>('describeModelServer', { owner: 'local', name: 'orders' });
    await eventually(async () => {
      const answer = await fetch(`${url}/predict`, { method: 'POST', body: '{ "item": "tea" }' });
      assert.deepEqual(await answer.json(), { item: 'tea', price });
    }, 60_000);
  }
});
