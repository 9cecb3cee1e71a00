import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, suite, test } from 'node:test';
import { eventually } from '../../harness/eventually.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** The process that started another one. */
async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\s+([0-9]+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

suite('a predictor as its author sees it', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  /** The language servers of this window. */
  async function languageServers(): Promise<number[]> {
    const all = await processesOfHome(workbench.window.place.home);
    return all.filter(({ command }) => command.includes('language-server.js')).map(({ pid }) => pid);
  }

  test('a mistake is underlined, listed with its rule, and readable in every theme', async () => {
    await workbench.openFile('mistaken.py');
    await workbench.editor.locator('.squiggly-error').first().waitFor();
    await workbench.palette('View: Focus Problems');
    const problem = workbench.treeItem(/returns a set, which cannot be sent/);
    await problem.getByText('not-serialisable-return').waitFor();
    await takeScreenshots(workbench, 'mistake', () => problem.waitFor());
  });

  test('the lens above the class says Serve', async () => {
    await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Serve' }).first().waitFor();
  });

  test('with the keyboard alone, the quick fix mends it', async () => {
    await workbench.openFile('mistaken.py');
    await workbench.page.keyboard.press('Control+G');
    await workbench.answer(':5:10');
    await workbench.editor.locator('[class*="lightbulb"]').first().waitFor();
    await workbench.page.keyboard.press('Control+.');
    const fix = workbench.page.locator('.action-widget').getByText('Add a parameter for the payload');
    await fix.waitFor();
    await takeScreenshots(workbench, 'quick-fix', () => fix.waitFor());
    await workbench.page.keyboard.press('Enter');
    await workbench.editor.locator('.view-line').filter({ hasText: 'self, payload' }).waitFor();
  });

  test('the language server ends with its extension host, even with one that is killed and cannot end it', async () => {
    const [pid, ...more] = await languageServers();
    assert.ok(pid !== undefined && more.length === 0);
    process.kill(await parentOf(pid), 'SIGKILL');
    await eventually(async () => assert.deepEqual(await languageServers(), []), 30_000);
  });
});
