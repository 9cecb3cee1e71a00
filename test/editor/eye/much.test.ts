import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { findControlPlane } from '../../../runtime/api/connect/find.ts';
import { eventually } from '../../harness/eventually.ts';
import { fillHome } from '../../harness/filled-home.ts';
import { type NotedRequests, startNotedControlPlane } from '../../harness/noted-requests.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { hostMemory } from './workbench/our-processes.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** Longer than anything of ours waits before it asks the same again. */
const quietMs = 6000;
/** A machine that does much else takes its time for 450 questions. */
const settledWithinMs = 90_000;
/** What the extension host may grow by, in MB: twice what was seen, which was 40 to 106 as more or less garbage was left. */
const mostGrowth = 220;

suite('a window with 200 model servers, of which 20 run, and 5,000 model versions', () => {
  let workbench: Workbench;
  let requests: NotedRequests;
  let memoryBefore: number;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' }, async ({ home, workspace, env }) => {
      const servedFrom = { root: workspace, entrypoint: join(workspace, 'predictor.py') };
      await fillHome(home, { models: 250, versionsEach: 20, stopped: 180, running: 20, servedFrom });
      requests = await startNotedControlPlane(home, env);
    });
    memoryBefore = await hostMemory(workbench);
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  test('shows them, goes to the last ones, and finds one by its name', async () => {
    await workbench.openContainer('Spell');
    await workbench.treeItem(/^running-0, model server, running/).click();
    // Its parts come a moment later, and would move what is below them.
    await workbench.treeItem(/^running-0-1-/).waitFor();
    await workbench.page.keyboard.press('End');
    await workbench.treeItem(/^stopped-179, model server/).waitFor();
    await workbench.invoke({ command: 'list.find' });
    // Such a search finds letters that stand apart, too: `running-5` would be in the name of a pod.
    await workbench.sideBar.locator('.monaco-tree-type-filter input').fill('stopped-137');
    await workbench.treeItem(/^stopped-137, model server, stopped/).waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Home');
    await workbench.treeItem(/^running-1, model server, running/).waitFor();
    await workbench.treeItem(/^model-0, model/).click();
    await workbench.treeItem(/^v20, version of model-0/).waitFor();
    await workbench.page.keyboard.press('End');
    await workbench.treeItem(/^model-249, model/).waitFor();
  });

  test('with its language server told all of it, asks nothing more, and is not much larger for it', async (t) => {
    await workbench.openFile('predictor.py');
    await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Update running-0' }).waitFor();
    await eventually(async () => {
      const { length } = await requests();
      await pause(quietMs);
      assert.deepEqual((await requests()).slice(length), []);
    }, settledWithinMs);
    const asked = await requests();
    assert.deepEqual(
      [...Map.groupBy(asked, (each) => each)].filter(([, all]) => all.length > 1).map(([each]) => each),
      [],
      'nothing was asked twice',
    );
    const growth = (await hostMemory(workbench)) - memoryBefore;
    t.diagnostic(`${asked.length} questions in all; the extension host has grown by ${growth.toFixed(0)} MB`);
    assert.ok(growth < mostGrowth, `${growth} MB`);
  });

  test('asks about one model server alone when something happens to that one', async () => {
    const found = await findControlPlane(workbench.window.place.home);
    const { length } = await requests();
    await found?.client.stop({ owner: 'local', name: 'running-1' });
    found?.client.close();
    await workbench.treeItem(/^running-1, model server, stopped/).waitFor();
    const [own, ...asked] = (await requests()).slice(length);
    assert.equal(own, 'POST /model-servers/local/running-1/stop');
    assert.deepEqual([...new Set(asked)], ['GET /model-servers/local/running-1']);
  });
});
