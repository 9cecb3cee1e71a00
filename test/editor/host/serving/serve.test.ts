import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import type { Client } from '../../../../runtime/api/http/client-types.ts';
import type { ModelServer } from '../../../../runtime/api/objects.ts';
import { codesOf, findings } from '../support/diagnostics.ts';
import { inWorkspace, openDocument } from '../support/open-document.ts';
import { eventually, spellClient } from '../support/spell.ts';

const shout = { owner: 'local', name: 'shout' };

suite('serving from the editor', () => {
  let client: Client;
  suiteSetup(async () => {
    client = await spellClient();
  });

  /** What the endpoint says to a text, and with which status. */
  async function ask(name: string, text: string): Promise<[number, unknown]> {
    const { url } = await client.describeModelServer({ owner: 'local', name });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify({ text }) });
    return [answer.status, await answer.json()];
  }

  async function lens(uri: vscode.Uri, title: RegExp): Promise<vscode.Command> {
    return eventually(`a lens ${title}`, async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
      return all.find(({ command }) => command && title.test(command.title))?.command;
    });
  }

  test('one click on the code lens serves what spell.yaml says, without a question, until the endpoint answers 200', async () => {
    const { uri } = await openDocument('predictor.py');
    const { command, arguments: targets = [] } = await lens(uri, /^Serve$/);
    await vscode.commands.executeCommand(command, ...targets);
    assert.deepEqual(await ask('shout', 'a'), [200, { text: 'A' }]);
    const { servedFrom } = await client.describeModelServer(shout);
    assert.equal(servedFrom?.entrypoint, uri.fsPath);
  });

  test('the lens of the file that it was served from updates its code, also what is not saved yet', async () => {
    const document = await openDocument('predictor.py');
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('.upper()');
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + '.upper()'.length)), '.title()');
    await vscode.workspace.applyEdit(edit);
    const { command, arguments: targets = [] } = await lens(document.uri, /^Update shout$/);
    await vscode.commands.executeCommand(command, ...targets);
    assert.deepEqual(await ask('shout', 'ab'), [200, { text: 'Ab' }]);
    assert.equal(document.isDirty, false);
  });

  test('an update whose __init__ fails leaves the old revision answering and marks the line, until a good one', async () => {
    const uri = inWorkspace('predictor.py');
    const good = await readFile(uri.fsPath, 'utf8');
    const broken = good.replace('    def predict', '    def __init__(self):\n        raise KeyError("weights")\n\n    def predict');
    await writeFile(uri.fsPath, broken);
    await assert.rejects(runCommand(vscode, 'spell.modelServer.serveFile', uri, {}), /weights/);
    assert.deepEqual(await ask('shout', 'ab'), [200, { text: 'Ab' }]);
    const [marked] = await findings(uri, (all) => codesOf(all).some((code) => String(code).startsWith('init-')));
    assert.equal(
      marked?.range.start.line,
      broken.split('\n').findIndex((line) => line.includes('raise KeyError')),
    );
    await writeFile(uri.fsPath, good.replace('.title()', '.lower()'));
    await runCommand(vscode, 'spell.modelServer.serveFile', uri, {});
    await findings(uri, (all) => !codesOf(all).some((code) => String(code).startsWith('init-')));
    assert.deepEqual(await ask('shout', 'AB'), [200, { text: 'ab' }]);
  });

  test('a mistake that the rules find is told before anything is sent', async () => {
    const before = await client.listModelServers();
    const settings = { 'server-name': 'mistaken', entrypoint: 'mistaken.py' };
    await assert.rejects(runCommand(vscode, 'spell.modelServer.serve', undefined, { settings }), /mistaken\.py:5.*predict/);
    assert.deepEqual((await client.listModelServers()).length, before.length);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, inWorkspace('mistaken.py').fsPath);
  });

  test('a wizard that is closed leaves nothing behind', async () => {
    const before = (await client.listModelServers()).length;
    const asking = runCommand(vscode, 'spell.modelServer.serve', inWorkspace('predictor.py'));
    let ended = false;
    void asking.then(() => (ended = true));
    await eventually('the end of the wizard', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return ended || undefined;
    });
    assert.equal(await asking, undefined);
    assert.equal((await client.listModelServers()).length, before);
  });

  test('answers given beforehand serve another one, and an update changes what it says and nothing else', async () => {
    const settings = { 'server-name': 'second', entrypoint: 'predictor.py' };
    const served = await runCommand(vscode, 'spell.modelServer.serve', undefined, { settings });
    assert.deepEqual([served?.name, served?.state], ['second', 'running']);
    const second = { owner: 'local', name: 'second' };
    const updated = await runCommand(vscode, 'spell.modelServer.update', second, { settings: { 'predict-timeout': 7 } });
    assert.deepEqual([updated?.revision, updated?.spec['predict-timeout'], updated?.spec['min-pods']], [2, 7, 1]);
    const back = await runCommand(vscode, 'spell.modelServer.update', second, { unset: ['predict-timeout'] });
    assert.equal(back?.spec['predict-timeout'], 60);
    for (const each of [second, shout]) await runCommand(vscode, 'spell.modelServer.remove', each, { confirmed: true });
    assert.deepEqual(await client.listModelServers(), []);
  });

  test('the wizard, whose every step is accepted as it proposes, serves what spell.yaml says', async () => {
    const asking = runCommand(vscode, 'spell.modelServer.serve', inWorkspace('predictor.py'));
    let served: ModelServer | undefined;
    void asking.then((server) => (served = server));
    await eventually('the server', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return served;
    });
    assert.deepEqual([served?.name, served?.state], ['shout', 'running']);
    assert.equal((await ask('shout', 'AB'))[0], 200);
    await runCommand(vscode, 'spell.modelServer.remove', shout, { confirmed: true });
  });
});
