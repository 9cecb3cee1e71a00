import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { codesOf, findings } from '../support/diagnostics.ts';
import { after, openDocument } from '../support/open-document.ts';

suite('in a folder that is on no disk', () => {
  test('what is open is checked, and nothing else is looked for', async () => {
    assert.equal(vscode.workspace.workspaceFolders?.[0]?.uri.scheme, 'memory');
    const document = await openDocument('predictor.py');
    const found = await findings(document.uri, (all) => all.length > 0);
    assert.deepEqual(codesOf(found), ['not-serialisable-return']);
  });

  test('the features that need nothing but the text work', async () => {
    const document = await openDocument('predictor.py');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      after(document, 'def predict(self, pay'),
    );
    assert.equal(hovers.length, 1);
  });
});
