import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-languageserver-protocol/node';
import { root } from '../../scripts/root.ts';
import { developmentPython } from '../../scripts/testing/development-python.ts';

const predictor = `"""A predictor 😀."""
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    greeting = "😀"; tail = {"é": "😀"}

    def predict(self):
        return self.greeting
`;

for (const [name, command] of [
  ['the bundle', ['dist/language-server.js', '--stdio']],
  ['`spell language-server`', ['dist/spell.js', 'language-server', '--stdio']],
] as const) {
  test(`${name} serves a client that is not ours over stdio, and ends with it`, async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'spell-stdio-'));
    context.after(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'predictor.py'), predictor);
    await writeFile(join(folder, 'spell.yaml'), 'entrypoint: predictor.py\nenable-batching: true\n');
    const [program, ...args] = command;
    const client = join(import.meta.dirname, 'foreign_client.py');
    const done = spawnSync(developmentPython(), [client, folder, process.execPath, join(root, program), ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, SPELL_HOME: join(folder, 'home') },
    });
    assert.equal(done.status, 0, done.stderr);
    const told = JSON.parse(done.stdout);
    assert.equal(told.server, 'Spell');
    assert.deepEqual(told.registered, ['workspace/didChangeWatchedFiles']);
    assert.deepEqual(told.first, [['predict-arguments', 7, 8]]);
    assert.match(told.link, /^file:\/\/.*\/docs\/rules\/predict-arguments\.md$/);
    assert.equal(told.again, 'unchanged');
    assert.equal(told.actions[0], 'Add a parameter for the payload');
    assert.deepEqual(told.second, []);
    assert.match(told.hover, /a list of payloads/);
    assert.equal(told.status, 0);
    assert.deepEqual(told.messages, []);
  });
}

test('the bundle speaks over the channel between Node processes, as an extension starts it, and ends with its client', async (context) => {
  const child = fork(join(root, 'dist', 'language-server.js'), ['--node-ipc'], { stdio: 'inherit', execArgv: [] });
  context.after(() => child.kill());
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.listen();
  const answer = await connection.sendRequest<{ serverInfo: { name: string }; capabilities: { codeLensProvider?: object } }>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: { commands: true },
  });
  assert.equal(answer.serverInfo.name, 'Spell');
  assert.ok(answer.capabilities.codeLensProvider);
  const ended = once(child, 'exit');
  child.disconnect();
  assert.equal((await ended)[0], 1, 'a client that goes away without a word ends it, too');
});
