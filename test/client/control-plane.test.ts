import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { SpellError } from '../../runtime/api/errors.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { openWindow, type Window } from './window.ts';

describe('the control plane of a window', () => {
  let home: TestHome;
  let window: Window;
  before(async () => {
    home = await makeHome();
    await mkdir(join(home.folder, 'weights'));
    await writeFile(join(home.folder, 'weights', 'model.txt'), 'x');
  });
  beforeEach((t) => {
    window = openWindow(home.home);
    (t as { after(work: () => void): void }).after(() => window.dispose());
  });
  after(() => home.close());

  test('observing starts nothing; the first call does, and is shared by all who call at once', async () => {
    window.controlPlane.observe();
    assert.equal(window.controlPlane.state.kind, 'absent');
    const [one, two] = await Promise.all([window.client.status(), window.client.status()]);
    assert.equal(one.processes.spelld, two.processes.spelld);
    assert.deepEqual(window.states, ['starting', 'ready']);
  });

  test('a restricted window reads what runs; it starts nothing and says why', async () => {
    const refusal = new SpellError('forbidden', 'restricted', 'trust it');
    const restricted = openWindow(home.home, { forbidden: () => refusal });
    assert.equal((await restricted.client.status()).home, home.home);
    restricted.dispose();
    const elsewhere = openWindow(join(home.folder, 'other'), { forbidden: () => refusal });
    await assert.rejects(elsewhere.client.status(), refusal);
    assert.deepEqual(elsewhere.states, ['starting', 'failed']);
    elsewhere.dispose();
  });

  test('what somebody does in a terminal is in the lists at once, by events and without a second listing', async () => {
    await window.controlPlane.connect();
    await Promise.all([window.inventory.models.read(), window.inventory.resources.read()]);
    assert.deepEqual([window.inventory.models.state, window.inventory.resources.state], ['empty', 'empty']);
    await home.ok(['upload', join(home.folder, 'weights')]);
    await home.ok(['model', 'create', 'cifar', 'uploads/weights']);
    await window.until(
      () => window.inventory.models.get('cifar') !== undefined && window.inventory.resources.get('uploads/weights') !== undefined,
    );
    await home.ok(['model', 'create', 'cifar', 'uploads/weights', '--version', 'demo']);
    await window.until(() => window.inventory.models.get('cifar')?.latestVersion.number === 2);
    assert.equal(window.inventory.models.get('cifar')?.latestVersion.custom, 'demo');
    await home.ok(['model', 'rm', 'cifar', '--yes']);
    await window.until(() => window.inventory.models.state === 'empty');
  });

  test('one that is killed is waited for, comes back by itself, and no event is missed or told twice', async () => {
    const { processes } = await window.client.status();
    await window.until(() => window.controlPlane.state.kind === 'ready');
    // The gateway watches over it only once it is there.
    await home.ok(['up']);
    process.kill(processes.spelld, 'SIGKILL');
    await window.until(() => window.states.includes('lost'));
    await window.until(() => window.controlPlane.state.kind === 'ready');
    const back = await window.client.status();
    assert.notEqual(back.processes.spelld, processes.spelld);
    await home.ok(['upload', join(home.folder, 'weights'), '--name', 'again']);
    await window.until(() => window.events.some(({ object }) => object === 'uploads/again'));
    const told = window.events.map(({ seq }) => seq);
    assert.deepEqual(
      told,
      [...new Set(told)].sort((a, b) => a - b),
    );
    assert.ok(window.events.some(({ type }) => type === 'spelld.started'));
  });

  test('a restart changes spelld alone: the gateway goes on', async () => {
    const before = await window.client.status();
    await window.controlPlane.restart();
    const now = await window.client.status();
    assert.notEqual(now.processes.spelld, before.processes.spelld);
    assert.equal(window.controlPlane.state.kind, 'ready');
    assert.equal((await home.json<{ processes: { gateway: number } }>(['status'])).processes.gateway, before.processes.gateway);
  });

  test('a window of a newer build replaces the control plane of an older one; one of an older build uses it', async () => {
    const before = await window.client.status();
    const older = openWindow(home.home, { version: '0.0.1' });
    assert.equal((await older.client.status()).processes.spelld, before.processes.spelld);
    older.dispose();
    const newer = openWindow(home.home, { version: '9.9.9' });
    const after = await newer.client.status();
    assert.notEqual(after.processes.spelld, before.processes.spelld);
    newer.dispose();
  });

  test('one that somebody took down stays down, is said to be stopped, and the lists are forgotten', async () => {
    await window.controlPlane.connect();
    await window.inventory.resources.read();
    await home.ok(['down']);
    await window.until(() => window.controlPlane.state.kind === 'stopped');
    assert.equal(window.inventory.resources.state, 'unread');
    await assert.rejects(window.controlPlane.current(), { code: 'not-running' });
    // The one that the next command starts is seen without being asked for.
    window.controlPlane.observe();
    await home.ok(['up']);
    await window.until(() => window.controlPlane.state.kind === 'ready');
  });
});
