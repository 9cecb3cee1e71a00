import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import { inWorkspace } from '../support/open-document.ts';
import { home } from '../support/spell.ts';

suite('in a restricted window', () => {
  test('nothing is started, uploaded or served, and commands say why', async () => {
    await vscode.commands.executeCommand('spell.models.focus');
    await assert.rejects(runCommand(vscode, 'spell.controlPlane.start', undefined, {}), /restricted mode/);
    await assert.rejects(runCommand(vscode, 'spell.resource.upload', inWorkspace('predictor.py'), { name: 'x' }), /restricted mode/);
    await assert.rejects(runCommand(vscode, 'spell.modelServer.serveFile', inWorkspace('predictor.py'), {}), /restricted mode/);
    assert.equal(existsSync(join(home(), 'spelld.json')), false);
  });
});
