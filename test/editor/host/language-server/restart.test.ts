import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../../../harness/eventually.ts';
import { codesOf, findings } from '../support/diagnostics.ts';
import { languageServers } from '../support/language-server-process.ts';
import { openDocument } from '../support/open-document.ts';

/** The one language server there is, once it is another than one that was. */
async function another(than: number): Promise<number> {
  return await eventually(async () => {
    const [pid, ...more] = await languageServers();
    assert.ok(pid !== undefined && pid !== than && more.length === 0);
    return pid;
  }, 15_000);
}

suite('the life of the language server', function () {
  if (process.platform !== 'linux') this.pending = true;

  test('a killed one comes back by itself, and finds what it found', async () => {
    const document = await openDocument('mistaken.py');
    await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
    const pid = await another(0);
    process.kill(pid, 'SIGKILL');
    await another(pid);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'from starlette.exceptions import HTTPError\n');
    await vscode.workspace.applyEdit(edit);
    await findings(document.uri, (all) => ['response-class', 'not-serialisable-return'].every((code) => codesOf(all).includes(code)));
  });

  test('the command starts another one in its place', async () => {
    const document = await openDocument('mistaken.py');
    const pid = await another(0);
    await vscode.commands.executeCommand('spell.languageServer.restart');
    await another(pid);
    await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
  });
});
