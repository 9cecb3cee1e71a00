import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import { spellClient } from '../support/spell.ts';

suite('replacing the gateway', () => {
  test('another one of the same build is there, at the same address, once the command has ended', async () => {
    const client = await spellClient();
    await runCommand(vscode, 'spell.controlPlane.start');
    const before = await client.status();
    assert.equal(before.gatewayVersion, before.version);
    assert.equal(await runCommand(vscode, 'spell.controlPlane.replaceGateway', undefined, { confirmed: true }), true);
    const after = await client.status();
    assert.notEqual(after.processes.gateway, before.processes.gateway);
    assert.deepEqual([after.gatewayUrl, after.gatewayVersion], [before.gatewayUrl, before.version]);
  });
});
