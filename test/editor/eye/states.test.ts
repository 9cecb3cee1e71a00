import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fillHome } from '../../harness/filled-home.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** Loads for as long as it may. */
const loading = `import time

from spell.serving import BasePredictor


class Loading(BasePredictor):
    def __init__(self):
        time.sleep(300)

    def predict(self, payload):
        return payload
`;

const broken = `from spell.serving import BasePredictor


class Broken(BasePredictor):
    def __init__(self):
        self.weights = {}["weights"]

    def predict(self, payload):
        return payload
`;

suite('each state of a model server among many others, as it is seen', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' }, ({ home }) =>
      fillHome(home, { models: 40, versionsEach: 1, stopped: 40, running: 0 }),
    );
    await writeFile(join(workbench.window.place.workspace, 'loading.py'), loading);
    await writeFile(join(workbench.window.place.workspace, 'broken.py'), broken);
    await workbench.openContainer('Spell');
    begin('broken', 'broken.py');
    begin('greedy', 'predictor.py', { 'ram-request': '900Gi' });
    begin('loading', 'loading.py');
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  /** Serves a file and does not wait for it to answer, which it never does. */
  function begin(name: string, file: string, more: object = {}): void {
    const $uri = `file://${join(workbench.window.place.workspace, file)}`;
    const options = { settings: { 'server-name': name, ...more }, check: false };
    void workbench.invoke({ command: 'spell.modelServer.serve', args: [{ $uri }, options] }).catch(() => {});
  }

  async function signal(program: string, name: NodeJS.Signals): Promise<void> {
    for (const { pid, command } of await processesOfHome(workbench.window.place.home))
      if (command.includes(program)) process.kill(pid, name);
  }

  test('starting, failed, not placed and stopped are told apart by words, and a long list keeps them readable', async () => {
    await workbench.treeItem(/^broken, model server, failed/).waitFor({ timeout: 60_000 });
    await workbench.treeItem(/^greedy, model server, unschedulable, each pod needs 900/).waitFor();
    await workbench.treeItem(/^loading, model server, starting/).waitFor();
    const stopped = workbench.treeItem(/^stopped-0, model server, stopped/);
    await takeScreenshots(workbench, 'states', () => stopped.waitFor(), workbench.sideBar);
  });

  test('the details of one that failed say what is wrong first', async () => {
    await workbench.contextMenu(workbench.treeItem(/^broken, model server/), 'Open Details');
    const head = workbench.page.locator('.view-line').filter({ hasText: '# broken: failed' });
    await takeScreenshots(workbench, 'details', () => head.waitFor());
  });

  test('of one that has no room they say so, and what it lacks', async () => {
    await workbench.contextMenu(workbench.treeItem(/^greedy, model server/), 'Open Details');
    await workbench.page.locator('.view-line').filter({ hasText: '# greedy: unschedulable' }).waitFor();
    await workbench.page.locator('.view-line').filter({ hasText: '> 1 pod is unschedulable: each pod needs 900' }).waitFor();
  });

  test('a control plane that went away is said in every view', async () => {
    const gone = workbench.sideBar.getByText('The control plane went away; it is waited for.').first();
    const comesBack = async (): Promise<void> => {
      await signal('gateway.js', 'SIGCONT');
      await gone.waitFor({ state: 'hidden' });
    };
    // A gateway that is held starts no other, so that there is time to see that there is none: a picture's, since it is given up after a while.
    const goesAway = async (): Promise<void> => {
      await comesBack();
      await signal('gateway.js', 'SIGSTOP');
      await signal('spelld.js', 'SIGKILL');
      await gone.waitFor();
    };
    await takeScreenshots(workbench, 'control-plane-lost', goesAway, workbench.sideBar);
    await comesBack();
  });
});

suite('a folder that is not trusted, as it is seen', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor', trusted: false });
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  test('each view says why nothing is started, and how that is changed', async () => {
    await workbench.openContainer('Spell');
    const why = workbench.page.getByText('This window is in restricted mode').first();
    await takeScreenshots(workbench, 'restricted', () => why.waitFor(), workbench.sideBar);
  });
});
