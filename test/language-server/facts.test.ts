import assert from 'node:assert/strict';
import { realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { followControlPlane } from '../../client/language-server/follow-control-plane.ts';
import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import { openWindow } from '../client/window.ts';
import { makeHome } from '../harness/home.ts';

test('the language server is told what a control plane has, as it changes, and when it is gone; nothing is started for it', {
  timeout: 90_000,
}, async () => {
  const home = await makeHome();
  const told: (ControlPlaneFacts | null)[] = [];
  let wake = (): void => {};
  await home.ok(['up']);
  const window = openWindow(home.home);
  const following = followControlPlane({
    controlPlane: window.controlPlane,
    inventory: window.inventory,
    tell: (facts) => {
      told.push(facts);
      wake();
    },
  });
  window.controlPlane.observe();
  /** Waits until what was told last is as wanted; the test's time limit is the deadline. */
  const until = async (wanted: (facts: ControlPlaneFacts | null | undefined) => boolean): Promise<ControlPlaneFacts | null | undefined> => {
    while (!wanted(told.at(-1))) await new Promise<void>((resolve) => (wake = resolve));
    return told.at(-1);
  };
  try {
    const first = await until((facts) => facts?.models?.length === 0);
    assert.deepEqual(first?.nodeGroups, ['default']);
    await writeFile(join(home.folder, 'weights.bin'), 'w');
    await home.ok(['upload', 'weights.bin', '--name', 'weights']);
    await home.ok(['model', 'create', 'scales', 'uploads/weights']);
    const facts = await until((each) => each?.models?.length === 1);
    assert.deepEqual(facts?.resources, ['uploads/weights']);
    assert.deepEqual(facts?.models, [{ name: 'scales', versions: [{ number: 1, custom: null, files: ['weights.bin'] }] }]);
    window.asked.length = 0;
    await home.ok(['model', 'create', 'weighs', 'uploads/weights']);
    await until((each) => each?.models?.length === 2);
    assert.deepEqual(window.asked, ['describeModel {"name":"weighs"}'], 'of what did not change nothing is asked');
    const predictor =
      'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, a):\n        self.a = a\n\n    def predict(self, payload):\n        return payload\n';
    await writeFile(join(home.folder, 'predictor.py'), predictor);
    await writeFile(join(home.folder, 'config.yaml'), 'a: 1\n');
    await home.ok(['server', 'serve', '--name', 'echo', '--config', 'config.yaml', 'predictor.py']);
    const running = await until((each) => each?.servers?.[0]?.pods.ready === 1 && each.servers[0].state === 'running');
    const folder = await realpath(home.folder);
    assert.deepEqual(
      [running?.servers?.[0]?.name, running?.servers?.[0]?.entrypoint, running?.servers?.[0]?.config],
      ['echo', ...['predictor.py', 'config.yaml'].map((file) => pathToFileURL(join(folder, file)).href)],
    );
    await home.ok(['down']);
    assert.equal(await until((each) => each === null), null);
  } finally {
    following.dispose();
    window.dispose();
    await home.close();
  }
});
