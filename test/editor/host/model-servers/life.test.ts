import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import type { Client } from '../../../../runtime/api/http/client-types.ts';
import type { ModelServer, ModelVersion } from '../../../../runtime/api/objects.ts';
import { inWorkspace } from '../support/open-document.ts';
import { eventually, home, spell, spellClient } from '../support/spell.ts';

const loud = { owner: 'local', name: 'loud' };

suite('models and model servers from the editor', () => {
  let client: Client;
  suiteSetup(async () => {
    client = await spellClient();
  });

  test('looking at the view starts a control plane, and nothing before does', async () => {
    const told = join(home(), 'spelld.json');
    assert.equal(existsSync(told), false);
    await vscode.commands.executeCommand('spell.modelServers.focus');
    await eventually('a control plane', async () => (existsSync(told) ? true : undefined));
    assert.equal((await client.status()).home, home());
  });

  test('a file of the explorer becomes a model: uploaded, named, with a version', async () => {
    const made = await runCommand(vscode, 'spell.model.create', inWorkspace('predictor.py'), { name: 'loud', version: 'first' });
    assert.deepEqual([made?.model, made?.version, made?.custom, made?.resource], ['loud', 1, 'first', 'uploads/predictor.py']);
    const next = await runCommand(vscode, 'spell.model.createVersion', { model: 'loud' }, { resource: 'uploads/predictor.py' });
    assert.equal(next?.version, 2);
    assert.deepEqual(
      (await client.describeModel({ name: 'loud' })).map(({ version }: ModelVersion) => version),
      [2, 1],
    );
  });

  test('a server that was served in a terminal is healthy, and its endpoint and curl line are on the clipboard', async () => {
    await spell('server', 'serve', 'loud', 'predictor.py');
    const health = await runCommand(vscode, 'spell.modelServer.healthcheck', loud);
    assert.deepEqual(health, { healthy: true, answer: '{"status":"ok"}' });
    const endpoint = await runCommand(vscode, 'spell.modelServer.copyEndpoint', loud);
    assert.match(endpoint ?? '', /^http:\/\/(127\.0\.0\.1|localhost):\d+\/(proxy\/\d+\/)?local\/loud\/predict$/);
    const answer = await fetch(endpoint ?? '', { method: 'POST', body: '{"text": "a"}' });
    assert.equal(answer.status, 200, 'the address is one that a browser onto this machine reaches');
    assert.equal(await vscode.env.clipboard.readText(), endpoint);
    assert.match((await runCommand(vscode, 'spell.modelServer.copyCurl', loud)) ?? '', /^curl .*\/local\/loud\/predict/);
  });

  test('its logs open as a document of their language, of all pods or of one', async () => {
    const uri = await runCommand(vscode, 'spell.logs.openInEditor', loud);
    assert.ok(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'spell-log');
    assert.match(document.getText(), / {2}ready$/m);
    const [pod] = await client.listPods(loud);
    assert.ok(pod);
    const ofPod = await runCommand(vscode, 'spell.logs.openInEditor', { ...loud, pod: pod.id });
    assert.ok(ofPod);
    assert.match((await vscode.workspace.openTextDocument(ofPod)).getText(), new RegExp(`^\\S+ ${pod.id}`));
  });

  test('a file leads to the logs of what was served from it, and pointing at its class tells what that does', async () => {
    const file = inWorkspace('predictor.py');
    const log = await runCommand(vscode, 'spell.logs.openInEditor', file);
    assert.match(log?.path ?? '', /local\/loud/);
    const document = await vscode.workspace.openTextDocument(file);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('class '));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', file, new vscode.Position(line, 7));
    const text = hovers.flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value))).join('\n');
    assert.match(text, /\*\*loud\*\* — running(.|\n)*\/local\/loud\/predict/);
  });

  test('its details say how it is, and are written anew when that changes', async () => {
    const uri = await runCommand(vscode, 'spell.modelServer.openDetails', loud);
    assert.ok(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /^# loud: running\n/);
    const changed = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument(({ document: { uri: of } }) => {
        if (of.toString() !== uri.toString() || !document.getText().startsWith('# loud: stopped')) return;
        listening.dispose();
        resolve();
      });
    });
    const stopped = await runCommand(vscode, 'spell.modelServer.stop', loud);
    assert.deepEqual(
      stopped?.map(({ state }) => state),
      ['stopped'],
    );
    await changed;
  });

  test('a command called with a node of the tree does what it does with a name', async () => {
    const node = { kind: 'modelServer', id: 'modelServer:local/loud', ...loud };
    const states = (servers: ModelServer[] | undefined): string[] | undefined => servers?.map(({ state }) => state);
    const run = (id: string): Thenable<ModelServer[]> => vscode.commands.executeCommand(id, node, [node]);
    assert.deepEqual(states(await run('spell.modelServer.start')), ['running']);
    assert.deepEqual(states(await run('spell.modelServer.stop')), ['stopped']);
    assert.deepEqual(states(await runCommand(vscode, 'spell.modelServer.start', loud)), ['running']);
  });

  test('it is scaled and rolled back', async () => {
    const scaled = await runCommand(vscode, 'spell.modelServer.scale', loud, { pods: 2 });
    assert.deepEqual([scaled?.revision, scaled?.pods], [2, { ready: 2, total: 2 }]);
    const settings = { 'min-pods': 1, 'max-pods': '3', 'target-requests-per-second': 50 };
    const moving = await runCommand(vscode, 'spell.modelServer.scale', loud, { settings });
    assert.deepEqual([moving?.scaling?.minPods, moving?.scaling?.maxPods, moving?.scaling?.targets[0]?.target], [1, 3, 50]);
    const back = await runCommand(vscode, 'spell.modelServer.rollback', { ...loud, revision: 1 }, {});
    assert.equal(back?.revision, 1);
  });

  test('a control plane that is killed comes back by itself, and commands go on', async () => {
    const { processes } = await client.status();
    process.kill(processes.spelld, 'SIGKILL');
    const next = await eventually('another control plane', async () => {
      const status = await client.status().catch(() => undefined);
      // It answers before it has found the gateway again.
      const isBack = status && status.processes.spelld !== processes.spelld && status.processes.gateway !== null;
      return isBack ? status : undefined;
    });
    assert.equal(next.processes.gateway, processes.gateway);
    assert.equal((await runCommand(vscode, 'spell.modelServer.healthcheck', loud))?.healthy, true);
  });

  test("the editor's terminals have the command, for the same home", async () => {
    const file = join(home(), '..', 'said.json');
    const terminal = vscode.window.createTerminal();
    terminal.sendText(`spell status -o json > ${file}.new && mv ${file}.new ${file}`);
    await eventually('the terminal', async () => (existsSync(file) ? true : undefined));
    terminal.dispose();
    assert.equal((JSON.parse(await readFile(file, 'utf8')) as { home: string }).home, home());
  });

  test('a report holds what is needed and no token', async () => {
    const report = await runCommand(vscode, 'spell.controlPlane.collectDiagnostics');
    const token = (await readFile(join(home(), 'token'), 'utf8')).trim();
    assert.match(report ?? '', /"name": "loud"/);
    assert.match(report ?? '', /rollout\.succeeded local\/loud/);
    assert.ok(!report?.includes(token));
  });

  test('a program that answers beforehand is told why something cannot be', async () => {
    await assert.rejects(runCommand(vscode, 'spell.modelServer.rollback', loud, { to: 99 }), /99/);
    await assert.rejects(runCommand(vscode, 'spell.model.remove', { model: 'loud' }, { confirmed: true }), /loud/);
  });

  test('a running server is stopped and removed, then its model and its upload', async () => {
    assert.deepEqual(await runCommand(vscode, 'spell.modelServer.remove', loud, { confirmed: true }), [loud]);
    assert.deepEqual(await client.listModelServers(), []);
    assert.deepEqual(await runCommand(vscode, 'spell.model.remove', { model: 'loud' }, { confirmed: true }), [{ model: 'loud' }]);
    const resource = { resource: 'uploads/predictor.py' };
    const [file = ''] =
      (await runCommand(vscode, 'spell.resource.download', resource, { folder: join(home(), '..'), overwrite: true })) ?? [];
    assert.equal(await readFile(file, 'utf8'), await readFile(inWorkspace('predictor.py').fsPath, 'utf8'));
    assert.deepEqual(await runCommand(vscode, 'spell.resource.remove', resource, { confirmed: true }), [resource]);
    assert.deepEqual(await client.listResources(), []);
  });
});
