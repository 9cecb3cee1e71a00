import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const doubtful = `from spell.serving import BasePredictor


class Doubtful(BasePredictor):
    def predict(self, payload):
        if payload == "mistake":
            return {"a": {1, 2}}
        return payload
`;

suite('the first minutes with a predictor', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    folder = workbench.window.place.workspace;
    await writeFile(join(folder, 'doubtful.py'), doubtful);
    await appendFile(join(folder, 'spell.yaml'), '---\nserver-name: doubtful\nentrypoint: doubtful.py\n');
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  test('the empty view offers to make a predictor, and to serve the one that is open', async () => {
    await workbench.openContainer('Spell');
    const create = workbench.page.locator('.monaco-text-button').filter({ hasText: 'Create a Predictor…' });
    await create.waitFor();
    await takeScreenshots(workbench, 'empty', () => create.waitFor());
    await workbench.openFile('doubtful.py');
    const serve = workbench.page.locator('.monaco-text-button').filter({ hasText: 'Serve This File' });
    await serve.waitFor();
    await takeScreenshots(workbench, 'empty-with-predictor', () => serve.waitFor());
  });

  test('a mistake is named, and served all the same when somebody wants that', async () => {
    await workbench.openFile('doubtful.py');
    await workbench.page.locator('.monaco-text-button').filter({ hasText: 'Serve This File' }).click();
    const question = workbench.dialog('A mistake would keep this predictor from answering.');
    await question.getByText('[not-serialisable-return]').waitFor();
    await takeScreenshots(workbench, 'serve-anyway', () => question.waitFor());
    await question.getByRole('button', { name: 'Serve Anyway' }).click();
    await workbench.treeItem(/^doubtful/).waitFor();
    await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Update doubtful' }).first().waitFor();
  });

  test('the language status tells which model server runs the file', async () => {
    await workbench.page.locator('[id="status.languageStatus"]').hover();
    const status = workbench.page.locator('.hover-language-status').filter({ hasText: 'doubtful: running' });
    await status.waitFor();
    await takeScreenshots(workbench, 'language-status', async () => {
      await workbench.page.locator('[id="status.languageStatus"]').hover();
      await status.waitFor();
    });
  });

  test('the update shows which code differs, and the difference itself', async () => {
    await writeFile(join(folder, 'doubtful.py'), doubtful.replace('{1, 2}', '[1, 2]'));
    await writeFile(join(folder, 'helper.py'), 'new = 1\n');
    await workbench.contextMenu(workbench.treeItem(/^doubtful/), 'Update Model Server…');
    const differ = workbench.row('Compare the code with revision 1');
    await differ.getByText('doubtful.py, helper.py').waitFor();
    await differ.click();
    await workbench.tab('doubtful: revision 1 → now').waitFor();
    const line = workbench.page.locator('.view-line').filter({ hasText: '[1, 2]' }).first();
    await line.waitFor();
    await workbench.row('Take the code again').waitFor();
    await takeScreenshots(workbench, 'update-diff', () => line.waitFor());
    await workbench.page.keyboard.press('Escape');
  });
});
