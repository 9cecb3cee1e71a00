import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { fakeEditor } from '../testing.ts';
import { servingStatus } from './serving-status.ts';

const { code } = fakeEditor();
const file = { path: '/project/predictor.py' } as vscode.Uri;
const server = (more: Partial<ModelServer>): ModelServer =>
  ({ owner: 'local', name: 'digits', state: 'running', revision: 3, pods: { ready: 1, total: 2 }, reason: null, ...more }) as ModelServer;

test('a predictor that nothing runs can be served', () => {
  const { text, command } = servingStatus(code, file, []);
  assert.deepEqual([text, command.command, command.arguments], ['predictor.py is not served', 'spell.modelServer.serveFile', [file]]);
});

test('the one that runs it is named with its state, and opened', () => {
  const { text, detail, severity, command } = servingStatus(code, file, [server({})]);
  assert.deepEqual([text, detail, severity], ['digits: running', 'Revision 3, 1 of 2 pods ready', 'information']);
  assert.deepEqual(command.arguments, [{ owner: 'local', name: 'digits' }]);
  const failing = servingStatus(code, file, [server({ state: 'failing', reason: 'pods die' })]);
  assert.deepEqual([failing.detail, failing.severity], ['pods die', 'warning']);
});

test('one that waits for room says so, and why', () => {
  const pod = { state: 'unschedulable', reason: 'each pod needs 8 CPUs' };
  const waiting = server({
    state: 'created',
    reason: '1 pod is unschedulable: each pod needs 8 CPUs',
    podList: [pod] as ModelServer['podList'],
  });
  const { text, detail, severity } = servingStatus(code, file, [waiting]);
  assert.deepEqual([text, detail, severity], ['digits: unschedulable', '1 pod is unschedulable: each pod needs 8 CPUs', 'warning']);
});

test('of several the worst counts, and one is picked from the file', () => {
  const { text, detail, severity, command } = servingStatus(code, file, [server({}), server({ name: 'b', state: 'failed' })]);
  assert.deepEqual([text, detail, severity], ['2 model servers run predictor.py', 'digits: running, b: failed', 'error']);
  assert.deepEqual(command.arguments, [file]);
});
