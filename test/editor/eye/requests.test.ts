import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const orders = { owner: 'local', name: 'orders' };

suite('a request as its sender sees it', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/requests' });
    const { workspace } = workbench.window.place;
    await writeFile(join(workspace, 'payload.json'), '{\n  "item": "tea",\n  "count": 5\n}\n');
    await writeFile(join(workspace, 'other.json'), '{}\n');
    await workbench.openFile('predictor.py');
    const uri = { $uri: `file://${join(workspace, 'predictor.py')}` };
    await workbench.invoke({ command: 'spell.modelServer.serveFile', args: [uri, {}] });
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  test('Ctrl+Enter in the payload sends it, and the answer stands beside, readable in every theme', async () => {
    await workbench.openFile('payload.json');
    const lens = workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Send to orders' });
    await lens.waitFor();
    await workbench.editor.locator('.view-lines').click();
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.tab('orders answer').waitFor();
    const price = workbench.page.locator('.view-line').filter({ hasText: '"price": 15' });
    await price.waitFor();
    await workbench.page.locator('.view-line').filter({ hasText: '// 200 OK' }).waitFor();
    await takeScreenshots(workbench, 'request', () => price.waitFor());
  });

  test('in any other JSON the key does what it always did', async () => {
    await workbench.openFile('other.json');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.page.locator('.line-numbers').filter({ hasText: /^3$/ }).first().waitFor();
  });

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
