import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { codesOf, findings } from '../support/diagnostics.ts';
import { inWorkspace, openDocument } from '../support/open-document.ts';

const run = promisify(execFile);

/** The extension under test, as it was installed. */
function installed(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('spell.spell-model-servers');
  assert.ok(extension);
  return extension;
}

suite('what ships', () => {
  test('is what is installed, and not the checkout', () => {
    assert.match(installed().extensionPath, new RegExp(`\\${sep}extensions\\${sep}spell\\.spell-model-servers-`));
  });

  test('checks predictors, and its findings lead to pages that ship with it', async () => {
    const document = await openDocument('mistaken.py');
    const found = await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
    const [link] = found.flatMap(({ code }) => (typeof code === 'object' && code.value === 'not-serialisable-return' ? [code.target] : []));
    assert.ok(link);
    assert.ok(link.fsPath.startsWith(installed().extensionPath), `${link}`);
    assert.match((await vscode.workspace.openTextDocument(link)).getText(), /^# not-serialisable-return/);
  });

  test('starts its control plane, serves a predictor with its Python package, and answers', async function () {
    this.timeout(120_000);
    await vscode.commands.executeCommand('spell.controlPlane.start');
    // The command of the integrated terminal: a script that must have stayed executable.
    const command = join(installed().extensionPath, 'bin', 'terminal', 'spell');
    const { fsPath } = inWorkspace('spell.yaml');
    const env = { ...process.env, SPELL_NODE: process.execPath };
    const { stdout } = await run(command, ['server', 'serve', '--from-file', fsPath], { env });
    const answer = await fetch(stdout.trim(), { method: 'POST', body: '{"text": "hello"}' });
    assert.deepEqual(await answer.json(), { text: 'HELLO' });
  });
});
