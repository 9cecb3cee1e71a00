import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { codesOf, findings } from '../support/diagnostics.ts';
import { openDocument } from '../support/open-document.ts';

suite('in a restricted window', () => {
  test('predictors are read and checked', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const document = await openDocument('mistaken.py');
    await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
    assert.ok(vscode.extensions.getExtension('spell.spell-model-servers')?.isActive);
  });
});
