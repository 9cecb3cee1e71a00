import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import type { Client } from '../../../../runtime/api/http/client-types.ts';
import { spell, spellClient } from '../support/spell.ts';

suite('runs from the editor', () => {
  let client: Client;
  let resource: string;
  suiteSetup(async () => {
    client = await spellClient();
    await spell(
      'run',
      '--name',
      'train',
      '--',
      'sh',
      '-c',
      'mkdir -p out && echo weights > out/x.h5 && echo notes > notes.txt && echo epoch 1',
    );
    resource = (await client.listResources()).findLast(({ run }) => run)?.path ?? '';
  });

  test('the log of a run opens as a document of the language of logs', async () => {
    const uri = await runCommand(vscode, 'spell.run.showLog', { resource });
    assert.ok(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'spell-log');
    assert.match(document.getText(), /^\S+ stdout {2}epoch 1\n$/);
  });

  test('a run becomes a model, of some of its files, and the model leads back to it', async () => {
    const made = await runCommand(vscode, 'spell.run.createModel', { resource }, { name: 'trained', files: ['out/x.h5:model.h5'] });
    assert.deepEqual([made?.model, made?.resource, made?.files.map(({ path }) => path)], ['trained', resource, ['model.h5']]);
    assert.equal((await client.describeModelVersion({ name: 'trained', version: 'v1' })).run?.name, 'train');
  });

  test('a run that a model was made from goes when that is agreed to, and the model stays', async () => {
    await assert.rejects(
      runCommand(vscode, 'spell.resource.remove', { resource }, { confirmed: true, force: false }),
      /is used by the model/,
    );
    assert.deepEqual(await runCommand(vscode, 'spell.resource.remove', { resource }, { confirmed: true, force: true }), [{ resource }]);
    await runCommand(vscode, 'spell.model.remove', { model: 'trained' }, { confirmed: true });
  });
});
