import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../../../harness/eventually.ts';
import { languageServers } from '../support/language-server-process.ts';
import { after, openDocument } from '../support/open-document.ts';

suite('a window without predictors', function () {
  if (process.platform !== 'linux') this.pending = true;

  test('no language server is started for its Python, YAML and JSON, until somebody begins a predictor', async () => {
    const extension = vscode.extensions.getExtension('spell.spell-model-servers');
    await extension?.activate();
    await openDocument('values.yaml');
    const script = await openDocument('script.py');
    const json = await openDocument('package.json');
    // By then the editor has read all of them, and its own server for JSON has had the time to start.
    await eventually(async () => assert.ok(vscode.languages.getDiagnostics(json.uri).length > 0), 30_000);
    assert.deepEqual(await languageServers(), []);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(script.uri, after(script, 'import json\n'), 'from spell.serving import BasePredictor\n');
    await vscode.workspace.applyEdit(edit);
    await eventually(async () => assert.equal((await languageServers()).length, 1), 30_000);
  });
});
