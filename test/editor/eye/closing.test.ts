import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { leasePauseMs } from '../../../runtime/control/process/leases.ts';
import { eventually } from '../../harness/eventually.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** A machine that does much else takes its time to start a Python. */
const withinMs = 60_000;

suite('a window that is closed', () => {
  let workbench: Workbench;

  // Ends what is left by `spell down`, and fails when that leaves something.
  afterEach(() => workbench.close());

  /** A window in which a predictor is served, with its URI for commands and its address. */
  async function serving(): Promise<{ uri: object; url: string }> {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    const uri = { $uri: `file://${join(workbench.window.place.workspace, 'predictor.py')}` };
    const { url } = await workbench.invoke<ModelServer>({ command: 'spell.modelServer.serveFile', args: [uri, {}] });
    return { uri, url };
  }

  async function answer(url: string): Promise<unknown> {
    return (await fetch(`${url}/predict`, { method: 'POST', body: '{"text": "Ab"}' })).json();
  }

  test('leaves its model servers running, and a rollout that is under way goes on to its end', async () => {
    const { uri, url } = await serving();
    const { workspace } = workbench.window.place;
    // Slow enough that the window is gone before it is ready.
    const slow = 'import time\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n';
    const code = `${slow}    def __init__(self):\n        time.sleep(5)\n\n    def predict(self, payload):\n        return {"text": payload["text"].lower()}\n`;
    await writeFile(join(workspace, 'predictor.py'), code);
    void workbench.invoke({ command: 'spell.modelServer.serveFile', args: [uri, {}] }).catch(() => {});
    await eventually(async () => {
      const { state } = await workbench.api<ModelServer>('describeModelServer', { owner: 'local', name: 'shout' });
      assert.equal(state, 'updating');
    }, withinMs);
    assert.deepEqual(await answer(url), { text: 'AB' });
    await workbench.window.leave();
    await eventually(async () => assert.deepEqual(await answer(url), { text: 'ab' }), withinMs);
  });

  test('with a wizard open stops everything where the setting says so', async () => {
    await serving();
    await stopOnExit(true);
    await leaveWizard();
    const { home } = workbench.window.place;
    await eventually(async () => assert.deepEqual(await processesOfHome(home), []), withinMs);
  });

  test('stops nothing once the setting is turned off again', async () => {
    const { url } = await serving();
    await stopOnExit(true);
    await stopOnExit(false);
    await leaveWizard();
    // Longer than the control plane waits for a window to come back.
    await delay(leasePauseMs + 2000);
    assert.deepEqual(await answer(url), { text: 'AB' });
  });

  async function stopOnExit(value: boolean): Promise<void> {
    await workbench.invoke({ setting: 'spell.controlPlane.stopOnExit', value });
  }

  async function leaveWizard(): Promise<void> {
    await workbench.palette('Spell: Serve a Predictor…');
    await workbench.row('predictor.py').waitFor();
    await workbench.window.leave();
  }
});
