import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { leasePauseMs } from '../../../runtime/control/process/leases.ts';
import { eventually } from '../../harness/eventually.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** A machine that does much else takes its time to start a Python. */
const withinMs = 60_000;
const shout = { owner: 'local', name: 'shout' };

/** A predictor that loads until a file is there, and then answers with a text. */
const gated = (file: string, answer: string): string => `import os
import time

from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def __init__(self):
        while not os.path.exists(${JSON.stringify(file)}):
            time.sleep(0.02)

    def predict(self, payload):
        return {"text": ${JSON.stringify(answer)}}
`;

const broken = `from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def __init__(self):
        raise ValueError("no weights")

    def predict(self, payload):
        return payload
`;

suite('windows of one home, with the setting that the last one ends everything', () => {
  let one: Workbench;
  let other: Workbench;
  let url: string;

  before(async () => {
    const settings = { 'spell.controlPlane.stopOnExit': true };
    one = await openWorkbench({ workspace: 'test/editor/fixtures/predictor', settings });
    await one.openContainer('Spell');
    ({ url } = await serve());
  });
  // Ends what is left by `spell down`, and fails when that leaves something.
  after(() => one?.close());
  keepEvidenceOfFailures(() => one);

  const state = (of: Workbench, word: string): Promise<void> =>
    of.treeItem(new RegExp(`^shout, model server, ${word}`)).waitFor({ timeout: withinMs });

  const fileOf = (of: Workbench): object => ({ $uri: `file://${join(of.window.place.workspace, 'predictor.py')}` });

  function serve(): Promise<ModelServer> {
    return one.invoke<ModelServer>({ command: 'spell.modelServer.serveFile', args: [fileOf(one), {}] });
  }

  /** Serves code that answers with this text as soon as the returned function was called. Waits for nothing. */
  async function beginRollout(answer: string): Promise<() => Promise<void>> {
    const { workspace, home } = one.window.place;
    const gate = join(home, `gate-${answer}`);
    await writeFile(join(workspace, 'predictor.py'), gated(gate, answer));
    // The window may go before it answers.
    void serve().catch(() => {});
    return () => writeFile(gate, '');
  }

  async function says(text: string): Promise<void> {
    const answer = await fetch(`${url}/predict`, { method: 'POST', body: '{"text": "Ab"}' });
    assert.deepEqual(await answer.json(), { text });
  }

  async function leaveWizard(workbench: Workbench): Promise<void> {
    await workbench.palette('Spell: Serve a Predictor…');
    await workbench.row('predictor.py').waitFor();
    await workbench.window.leave();
  }

  /** Longer than the control plane waits for a window to come back. */
  const leaseIsOver = (): Promise<void> => delay(leasePauseMs + 2000);

  test('another window shows what runs, and a rollout that is not its own from its beginning to its end', async () => {
    other = await one.beside('test/editor/fixtures/requests');
    await other.openContainer('Spell');
    await state(other, 'running');
    const finish = await beginRollout('second');
    await Promise.all([state(one, 'updating'), state(other, 'updating')]);
    await says('AB');
    await finish();
    await Promise.all([state(one, 'running'), state(other, 'running')]);
    await says('second');
  });

  test('what one window stops and starts, the log panel of the other follows', async () => {
    await other.invoke({ command: 'spell.modelServer.showLogs', args: [shout] });
    const ready = other.webview().locator('.row.lifecycle').filter({ hasText: 'ready' });
    await ready.first().waitFor();
    const before = await ready.count();
    await one.contextMenu(one.treeItem(/^shout/), 'Stop Model Server');
    await Promise.all([state(one, 'stopped'), state(other, 'stopped')]);
    await one.contextMenu(one.treeItem(/^shout/), 'Start Model Server');
    await Promise.all([state(one, 'running'), state(other, 'running')]);
    await ready.nth(before).waitFor();
  });

  test('what one window removes while the other asks about it is said to be gone once that is answered', async () => {
    await other.invoke({ command: 'spell.modelServer.serveFile', args: [fileOf(other), {}] });
    const orders = /^orders, model server, running/;
    await Promise.all([one.treeItem(orders).waitFor(), other.treeItem(orders).waitFor()]);
    await other.contextMenu(other.treeItem(orders), 'Remove Model Server…');
    const question = other.dialog('Remove the model server orders?');
    await question.waitFor();
    await one.invoke({ command: 'spell.modelServer.remove', args: [{ owner: 'local', name: 'orders' }, { confirmed: true }] });
    await Promise.all([gone(one, orders), gone(other, orders)]);
    await question.getByRole('button', { name: 'Stop and Remove' }).click();
    await other.notification('there is no model server "orders"');
    await other.treeItem(/^shout, model server, running/).waitFor();
  });

  const gone = (of: Workbench, item: RegExp): Promise<void> => of.treeItem(item).waitFor({ state: 'hidden' });

  test('a rollout that fails is told once, where it was begun; a window that does not have the file shows it at the model server alone', async () => {
    await writeFile(join(one.window.place.workspace, 'predictor.py'), broken);
    // Without options it is a person who wants it.
    void one.invoke({ command: 'spell.modelServer.serveFile', args: [fileOf(one)] }).catch(() => {});
    await Promise.all([state(one, 'running, .*the update failed'), state(other, 'running, .*the update failed')]);
    await one.notification('no weights');
    assert.equal(await one.notifications('no weights').count(), 1);
    await one.problems(1).waitFor();
    await other.invoke({ command: 'notifications.showList' });
    assert.equal(await other.notifications('no weights').count(), 0);
    await other.problems(0).waitFor();
  });

  test('a window that is closed, and one that is reloaded, stop nothing while another one is open', async () => {
    await leaveWizard(other);
    await one.page.reload();
    await one.ready();
    await state(one, 'running');
    await leaseIsOver();
    await says('second');
    await state(one, 'running');
  });

  test('once the setting is turned off, a rollout that is under way goes on to its end without a window', async () => {
    await one.invoke({ setting: 'spell.controlPlane.stopOnExit', value: false });
    const finish = await beginRollout('third');
    await state(one, 'updating');
    await one.window.leave();
    await leaseIsOver();
    await says('second');
    await finish();
    await eventually(() => says('third'), withinMs);
  });

  test('with the setting, the last window takes everything with it, with a wizard open too', async () => {
    await one.comeBack();
    await state(one, 'running');
    await one.invoke({ setting: 'spell.controlPlane.stopOnExit', value: true });
    await leaveWizard(one);
    await one.window.end();
    const { home } = one.window.place;
    await eventually(async () => assert.deepEqual(await processesOfHome(home), []), withinMs);
  });
});
