import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import { templates } from '../../../../client/predictors/templates.ts';
import { inWorkspace } from '../support/open-document.ts';
import { eventually, spell, spellClient } from '../support/spell.ts';

const answers = {
  plain: { message: 'Hello, Ada!' },
  batched: { score: 1.75 },
  prepared: { score: 1.75 },
};

suite('a new predictor', () => {
  suiteTeardown(async () => {
    for (const { owner, name } of await (await spellClient()).listModelServers())
      await runCommand(vscode, 'spell.modelServer.remove', { owner, name }, { confirmed: true });
  });

  for (const template of templates) {
    test(`${template}: no rule finds anything, it is served as it is, and answers its own payload`, async () => {
      const made = await runCommand(vscode, 'spell.predictor.create', inWorkspace(''), { template, name: template });
      assert.ok(made);
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), made.toString());
      const { diagnostics } = JSON.parse(await spell('check', `${dirname(made.fsPath)}/spell.yaml`, '-o', 'json')) as {
        diagnostics: unknown[];
      };
      assert.deepEqual(diagnostics, []);
      const served = await runCommand(vscode, 'spell.modelServer.serveFile', made, {});
      assert.deepEqual([served?.name, served?.state, served?.batching !== null], [template, 'running', template !== 'plain']);
      const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', made, {});
      assert.deepEqual([sent?.status, JSON.parse(sent?.body ?? '')], [200, answers[template]]);
    });
  }

  test('what is there is never written over', async () => {
    const file = inWorkspace('batched/predictor.py');
    await writeFile(file.fsPath, 'mine = 1\n');
    await assert.rejects(runCommand(vscode, 'spell.predictor.create', inWorkspace(''), { template: 'plain', name: 'batched' }), /already/);
    assert.equal(await readFile(file.fsPath, 'utf8'), 'mine = 1\n');
  });

  test('a name that no model server can have is refused before anything is written', async () => {
    const before = await vscode.workspace.fs.readDirectory(inWorkspace(''));
    await assert.rejects(runCommand(vscode, 'spell.predictor.create', inWorkspace(''), { template: 'plain', name: '../up' }), /"\.\.\/up"/);
    assert.deepEqual(await vscode.workspace.fs.readDirectory(inWorkspace('')), before);
  });

  test('the questions, accepted as they propose, make one in a folder that has none', async () => {
    await vscode.workspace.fs.createDirectory(inWorkspace('asked'));
    const asking = runCommand(vscode, 'spell.predictor.create', inWorkspace('asked'));
    let made: vscode.Uri | undefined;
    void asking.then((uri) => (made = uri));
    await eventually('the predictor', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return made;
    });
    assert.equal(made?.toString(), inWorkspace('asked/predictor.py').toString());
    assert.match(await readFile(inWorkspace('asked/spell.yaml').fsPath, 'utf8'), /^server-name: asked$/m);
  });

  test('the example is there a second time as one left it', async () => {
    const first = await runCommand(vscode, 'spell.predictor.openExample');
    assert.ok(first);
    await writeFile(first.fsPath, `${await readFile(first.fsPath, 'utf8')}# mine\n`);
    const again = await runCommand(vscode, 'spell.predictor.openExample');
    assert.equal(again?.toString(), first.toString());
    assert.match(await readFile(first.fsPath, 'utf8'), /# mine\n$/);
  });
});
