import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import { eventually, home, spell } from '../support/spell.ts';

suite('the control plane by command', () => {
  test('stopping ends everything, and the window takes notice; starting brings it back', async () => {
    await runCommand(vscode, 'spell.controlPlane.start');
    assert.equal(await runCommand(vscode, 'spell.controlPlane.stop', undefined, { confirmed: true }), true);
    assert.equal(existsSync(join(home(), 'spelld.json')), false);
    const status = await runCommand(vscode, 'spell.controlPlane.start');
    assert.equal(status?.home, home());
    const restarted = await runCommand(vscode, 'spell.controlPlane.restart');
    assert.notEqual(restarted?.processes.spelld, status?.processes.spelld);
  });

  test('one that is taken down in a terminal is started by the next command that needs it', async () => {
    await spell('down');
    await eventually('the end', async () => (existsSync(join(home(), 'spelld.json')) ? undefined : true));
    assert.equal(await runCommand(vscode, 'spell.resources.refresh'), 0);
  });

  test('a context that there is not is refused by its name', async () => {
    assert.equal(await runCommand(vscode, 'spell.controlPlane.switchContext', undefined, { context: 'local' }), 'local');
    await assert.rejects(runCommand(vscode, 'spell.controlPlane.switchContext', undefined, { context: 'moon' }), /no context "moon"/);
  });
});
