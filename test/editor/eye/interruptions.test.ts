import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { spellStub } from '../../harness/home.ts';
import { startLoad } from '../../harness/load.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** It loads until a file is there, and then it breaks. */
const breaksLate = (file: string): string => `import os
import time

from spell.serving import BasePredictor


class Shout(BasePredictor):
    def __init__(self):
        while not os.path.exists(${JSON.stringify(file)}):
            time.sleep(0.02)
        raise ValueError("no weights")

    def predict(self, payload):
        return payload
`;

suite('a window whose work is interrupted', () => {
  let workbench: Workbench;
  let uri: object;
  let url: string;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    uri = { $uri: `file://${join(workbench.window.place.workspace, 'predictor.py')}` };
    ({ url } = await workbench.invoke<ModelServer>({ command: 'spell.modelServer.serveFile', args: [uri, {}] }));
    await workbench.openContainer('Spell');
    await workbench.treeItem(/^shout, model server, running/).waitFor();
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  function spell(...args: string[]): Promise<unknown> {
    const { home, workspace } = workbench.window.place;
    return promisify(execFile)(process.execPath, [spellStub, ...args], { cwd: workspace, env: { ...process.env, SPELL_HOME: home } });
  }

  async function signal(program: string, name: NodeJS.Signals): Promise<void> {
    for (const { pid, command } of await processesOfHome(workbench.window.place.home))
      if (command.includes(program)) process.kill(pid, name);
  }

  test('reloaded in the middle of a rollout, it shows how that is and how it ends, and no request is lost', async () => {
    const { workspace, home } = workbench.window.place;
    const weights = join(home, 'weights');
    await writeFile(join(workspace, 'predictor.py'), breaksLate(weights));
    const load = startLoad(`${url}/predict`, { text: 'Ab' }, 20);
    // The window goes before it answers.
    void workbench.invoke({ command: 'spell.modelServer.serveFile', args: [uri, {}] }).catch(() => {});
    await workbench.treeItem(/^shout, model server, updating/).waitFor();
    await workbench.page.reload();
    await workbench.ready();
    await workbench.treeItem(/^shout, model server, updating/).waitFor();
    await writeFile(weights, '');
    await workbench.treeItem(/^shout, model server, running, .*the update failed/).waitFor({ timeout: 60_000 });
    await workbench.openFile('predictor.py');
    await workbench.editor.locator('.squiggly-error').first().waitFor();
    const samples = await load.stop();
    assert.deepEqual([...new Set(samples.map(({ status, body }) => `${status} ${body}`))], ['200 {"text":"AB"}']);
  });

  test('it says that the control plane was killed, is with it again by itself, and shows what happened meanwhile', async () => {
    const gone = workbench.sideBar.getByText('The control plane went away; it is waited for.').first();
    // A gateway that is held starts no other, so that there is time to see that there is none.
    await signal('gateway.js', 'SIGSTOP');
    await signal('spelld.js', 'SIGKILL');
    await gone.waitFor();
    await signal('gateway.js', 'SIGCONT');
    await spell('server', 'stop', 'shout');
    await workbench.treeItem(/^shout, model server, stopped/).waitFor();
    await gone.waitFor({ state: 'hidden' });
  });
});
