import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { measureActivation } from '../../runner/activation.ts';
import { home } from '../support/spell.ts';

suite('activation', () => {
  test('nobody who has no predictor open pays for it', () => {
    assert.equal(vscode.extensions.getExtension('spell.spell-model-servers')?.isActive, false);
  });

  test('reads no file, opens no socket and starts no process before it returns, and leaves no home behind', async () => {
    const { io } = await measureActivation('spell.spell-model-servers');
    assert.deepEqual(io, []);
    assert.equal(existsSync(home()), false);
  });
});
