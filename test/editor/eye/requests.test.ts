import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { Keyboard } from './workbench/keyboard.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const orders = { owner: 'local', name: 'orders' };

suite('a request as its sender sees it', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/requests' });
    const { workspace } = workbench.window.place;
    await writeFile(join(workspace, 'other.json'), '{}\n');
    await writeFile(join(workspace, 'unserved.payload.json'), '{}\n');
    await workbench.openFile('predictor.py');
    const uri = { $uri: `file://${join(workspace, 'predictor.py')}` };
    await workbench.invoke({ command: 'spell.modelServer.serveFile', args: [uri, {}] });
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  const price = () => workbench.page.locator('.view-line').filter({ hasText: '"price": 6' });

  test('a payload that was made just now is shown, with what it is for, whole, and a button that sends it', async () => {
    await workbench.invoke({ command: 'spell.modelServer.sendRequest', args: [orders] });
    const said = await workbench.notification('This is what orders will be sent: look at it, then press Ctrl+Enter (⌘Enter on macOS).');
    const message = said.locator('.notification-list-item-message');
    assert.ok(await message.evaluate((text) => text.scrollWidth <= text.clientWidth), 'the notification is cut');
    await takeScreenshots(workbench, 'payload-made', () => said.waitFor());
    await said.getByRole('button', { name: 'Send Request' }).click();
    await price().waitFor();
  });

  test('Ctrl+Enter sends a payload as soon as it is open, and the answer stands beside, readable in every theme', async () => {
    const keyboard = new Keyboard(workbench);
    await workbench.invoke({ command: 'workbench.action.closeAllEditors' });
    await workbench.tab('orders answer').waitFor({ state: 'hidden' });
    await workbench.openFile('payload.json');
    await keyboard.on(/^payload\.json/);
    await keyboard.press('Control+Enter');
    await workbench.tab('orders answer').waitFor();
    await price().waitFor();
    await workbench.page.locator('.view-line').filter({ hasText: '// 200 OK' }).waitFor();
    await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Send to orders' }).waitFor();
    await takeScreenshots(workbench, 'request', () => price().waitFor());
  });

  for (const other of ['other.json', 'unserved.payload.json']) {
    test(`in ${other}, which is no predictor's, the key does what it always did`, async () => {
      await workbench.openFile(other);
      await workbench.page.locator('.editor-instance .view-lines').first().click();
      await workbench.page.keyboard.press('Control+Enter');
      await workbench.page.locator('.line-numbers').filter({ hasText: /^3$/ }).first().waitFor();
    });
  }

  test('what takes long can be cancelled, and the predictor hears of it', async () => {
    const sending = workbench.invoke({
      command: 'spell.modelServer.sendRequest',
      args: [orders, { payload: { item: 'slow', count: 600 } }],
    });
    const waiting = workbench.page.locator('.notification-list-item').filter({ hasText: 'Waiting for the answer of orders' });
    await workbench.invoke({ command: 'notifications.showList' });
    await waiting.waitFor();
    await takeScreenshots(workbench, 'request-waiting', () => waiting.waitFor());
    await waiting.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await sending, null);
    await waiting.waitFor({ state: 'hidden' });
  });
});
