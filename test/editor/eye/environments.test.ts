import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Environment, ModelServer } from '../../../runtime/api/objects.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const predictor = `from spell.serving import BasePredictor


class Versions(BasePredictor):
    def predict(self, payload):
        try:
            import slow_thing
        except ImportError:
            return {"slow": None}
        return {"slow": slow_thing.version}
`;

const project = `[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "slow-thing"
version = "1.0"
`;

/** Builds a package that is ready when somebody says so: it waits for a writer of a pipe, whose path lies beside it. */
const backend = `import os
import zipfile

INFO = "slow_thing-1.0.dist-info"
FILES = {
    "METADATA": "Metadata-Version: 2.1\\nName: slow-thing\\nVersion: 1.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "",
}


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    os.mkdir(os.path.join(metadata_directory, INFO))
    for name, text in FILES.items():
        with open(os.path.join(metadata_directory, INFO, name), "w") as file:
            file.write(text)
    return INFO


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("pipe.txt") as place, open(place.read()) as pipe:
        pipe.read()
    name = "slow_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("slow_thing.py", 'version = "1.0"\\n')
        for file, text in FILES.items():
            wheel.writestr(INFO + "/" + file, text)
    return name
`;

const versions = { owner: 'local', name: 'versions' };

suite('Python environments as they are seen: being made, failed, in use, and removed', () => {
  let workbench: Workbench;
  let pipe: string;
  let served: Promise<ModelServer>;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    const { workspace, home } = workbench.window.place;
    pipe = join(home, '..', 'pipe');
    execFileSync('mkfifo', [pipe]);
    await mkdir(join(workspace, 'slow'));
    const files = {
      'versions.py': predictor,
      'requirements.txt': '--no-index\nno-such-thing\n',
      'slow/pyproject.toml': project,
      'slow/backend.py': backend,
      'slow/pipe.txt': pipe,
    };
    for (const [file, text] of Object.entries(files)) await writeFile(join(workspace, file), text);
    await workbench.openContainer('Spell');
    await workbench.page.getByText('Nothing was uploaded or run yet.').waitFor();
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  function update(options: object): Promise<ModelServer> {
    const { workspace } = workbench.window.place;
    return workbench.invoke({
      command: 'spell.modelServer.update',
      args: [versions, { entrypoint: `file://${workspace}/versions.py`, check: false, ...options }],
    });
  }

  async function answer(): Promise<unknown> {
    const { url } = await workbench.api<ModelServer>('describeModelServer', versions);
    return (await fetch(`${url}/predict`, { method: 'POST', body: '{}' })).json();
  }

  test('one that is being made is there as soon as that begins, with what its installer says', async () => {
    const $uri = `file://${join(workbench.window.place.workspace, 'versions.py')}`;
    const options = { settings: { 'server-name': 'versions', pip: ['./slow'] }, check: false };
    served = workbench.invoke<ModelServer>({ command: 'spell.modelServer.serve', args: [{ $uri }, options] });
    await workbench.treeItem(/^Python environments, 1 · 1 being made/).click();
    const making = workbench.treeItem(
      /^\.\/slow, environment, being made · creating the environment with \.\/slow.* · versions \(revision 1\)/,
    );
    await takeScreenshots(workbench, 'environment-making', () => making.waitFor(), workbench.sideBar);
    await workbench.clickAction(making, 'Open Environment');
    await workbench.page.locator('.view-line').filter({ hasText: 'being made · creating the environment' }).waitFor();
  });

  test('when it is made it says its size and who uses it, and its document does so, too', async () => {
    await writeFile(pipe, 'go on');
    assert.equal((await served).state, 'running');
    await workbench.treeItem(/^\.\/slow, environment, in use · Python 3\.\S+ by (pip|uv), \S+ \S+ · versions \(revision 1\)$/).waitFor();
    await workbench.page.locator('.view-line').filter({ hasText: 'used by versions (revision 1)' }).waitFor();
    assert.deepEqual(await answer(), { slow: '1.0' });
  });

  test("one that cannot be made stays with the installer's own words, and the former revision answers", async () => {
    const settings = { 'pip-req': join(workbench.window.place.workspace, 'requirements.txt') };
    await assert.rejects(update({ settings, unset: ['pip'] }), /could not install requirements\.txt/);
    const failed = workbench.treeItem(
      /^requirements\.txt, environment, failed · (pip|uv) could not install requirements\.txt: .*no.such.thing.* · 1 former revision$/,
    );
    await takeScreenshots(workbench, 'environments', () => failed.waitFor(), workbench.sideBar);
    await workbench.clickAction(failed, 'Open Environment');
    const why = workbench.page
      .locator('.view-line')
      .filter({ hasText: 'could not install requirements.txt:' })
      .filter({ hasText: /no.such.thing/ });
    await takeScreenshots(workbench, 'environment-failed', () => why.waitFor());
    assert.deepEqual(await answer(), { slow: '1.0' });
  });

  test('what nobody needs any more is named with its size before it is removed', async () => {
    await update({ unset: ['pip'] });
    await workbench.treeItem(/^\.\/slow, environment, not in use .* · 1 former revision$/).waitFor();
    const group = workbench.treeItem(/^Python environments, 2 · .* · 1 failed/);
    await workbench.invoke({ command: 'notifications.clearAll' });
    await workbench.clickAction(group, 'Prune Environments…');
    const question = workbench.dialog(/Remove 2 environments and free \S+ \S+\?/);
    await takeScreenshots(
      workbench,
      'prune',
      () => question.getByText('A rollback to a revision whose environment is gone').waitFor(),
      question,
    );
    await question.getByText(/\.\/slow · \S+ \S+ · 1 former revision/).waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    assert.equal((await workbench.api<Environment[]>('listEnvironments')).length, 2);
    await workbench.palette('Spell: Prune Environments…');
    await workbench.dialog('Remove 2 environments').getByRole('button', { name: 'Remove' }).click();
    await workbench.notification(/Removed 2 environments, \S+ \S+\./);
    await group.waitFor({ state: 'detached' });
    assert.deepEqual(await workbench.api<Environment[]>('listEnvironments'), []);
    assert.deepEqual(await answer(), { slow: null });
  });

  test('where there is none, that is said', async () => {
    await workbench.invoke({ command: 'notifications.clearAll' });
    await workbench.palette('Spell: Prune Environments…');
    await workbench.notification('There is no environment to remove');
    await workbench.palette('Spell: Open Environment');
    await workbench.notification(/There is no environment\..*pip, pip-req or conda-file/);
  });
});
