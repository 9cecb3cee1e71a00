import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCommand, type TestCommand } from '../testing.ts';

const good =
  'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return payload\n';
const bad = good.replace('(self, payload)', '(self)').replace('return payload', 'return {"when": {1}}');

async function project(command: TestCommand, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(command.cwd, name, '..'), { recursive: true });
    await writeFile(join(command.cwd, name), text);
  }
}

test('errors are printed with their place, and the exit status is 1', async (context) => {
  const command = await makeCommand(context);
  await project(command, { 'predictor.py': bad });
  const { status, stdout, stderr } = await command.spell(['check', 'predictor.py']);
  assert.equal(status, 1);
  assert.deepEqual(stdout.split('\n'), [
    'predictor.py:5:9: error: `predict` of Predictor has no parameter for the payload [predict-arguments]',
    'predictor.py:6:25: error: `predict` returns a set, which cannot be sent [not-serialisable-return]',
    '',
  ]);
  assert.equal(stderr.trim(), '2 errors');
});

test('without FILE the spell.yaml of the folder is checked, with the files that it names', async (context) => {
  const command = await makeCommand(context);
  await project(command, {
    'spell.yaml': 'entrypoint: src/serve.py\nconfig: src/config.json\nmin-pods: none\n',
    'src/serve.py': good.replace('    def predict', '    def __init__(self, limit=3):\n        self.limit = limit\n\n    def predict'),
    'src/config.json': '{"limt": 3}',
    'src/other.py': bad,
  });
  const { status, stdout } = await command.spell(['check', '-o', 'json']);
  assert.equal(status, 1);
  const { diagnostics } = JSON.parse(stdout);
  assert.deepEqual(
    diagnostics.map((each: { file: string; code: string }) => [each.file, each.code]),
    [
      ['spell.yaml', 'key-type'],
      ['src/config.json', 'config-key-unknown'],
    ],
  );
  assert.deepEqual(diagnostics[0].range, { start: { line: 2, character: 10 }, end: { line: 2, character: 14 } });
  assert.equal(diagnostics[0].severity, 'error');
});

test('nothing wrong is status 0 and an empty report; warnings do not fail', async (context) => {
  const command = await makeCommand(context);
  await project(command, { 'good.py': good, 'warned.py': good.replace('        return', '        self.last = payload\n        return') });
  assert.deepEqual(await command.spell(['check', 'good.py']), { status: 0, stdout: '', stderr: 'nothing to complain about\n' });
  const warned = await command.spell(['check', 'warned.py']);
  assert.equal(warned.status, 0);
  assert.match(warned.stdout, /^warned\.py:6:9: warning: .* \[state-not-shared\]\n$/);
});

test('a base class and its helpers, checked by name beside the predictor, are not taken for entrypoints', async (context) => {
  const command = await makeCommand(context);
  await project(command, {
    'base.py': 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def load(self):\n        return 1\n',
    'helper.py': 'def f():\n    return 1\n',
    'predictor.py': 'import base\n\n\nclass Served(base.Predictor):\n    def predict(self, payload):\n        return payload\n',
  });
  assert.deepEqual(await command.spell(['check', 'base.py', 'helper.py', 'predictor.py']), {
    status: 0,
    stdout: '',
    stderr: 'nothing to complain about\n',
  });
  const alone = await command.spell(['check', 'base.py']);
  assert.match(alone.stdout, /\[predict-missing\]/);
});

test('SARIF names every rule, and places below the working folder', async (context) => {
  const command = await makeCommand(context);
  await project(command, { 'a b/predictor.py': bad });
  const { status, stdout } = await command.spell(['check', '-o', 'sarif', 'a b/predictor.py']);
  assert.equal(status, 1);
  const [run] = JSON.parse(stdout).runs;
  const [result] = run.results;
  assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  assert.deepEqual(result.locations[0].physicalLocation, {
    artifactLocation: { uri: 'a%20b/predictor.py', uriBaseId: 'ROOT' },
    region: { startLine: 5, startColumn: 9, endLine: 5, endColumn: 16 },
  });
});

test('a file that is not there, an unknown format and nothing to check are usage', async (context) => {
  const command = await makeCommand(context);
  await project(command, { 'predictor.py': good });
  const missing = await command.spell(['check', 'predicter.py']);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /hint: did you mean predictor\.py\?/);
  assert.equal((await command.spell(['check', '-o', 'table', 'predictor.py'])).status, 2);
  assert.equal((await command.spell(['check'])).status, 2);
});

test('the language server says how it wants to be started', async (context) => {
  const command = await makeCommand(context);
  const { status, stderr } = await command.spell(['language-server']);
  assert.equal(status, 2);
  assert.match(stderr, /hint: add --stdio/);
  assert.match((await command.spell(['language-server', '--stdio'])).stderr, /npm run build/);
});
