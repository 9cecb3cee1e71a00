import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
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
    stderr: 'note: helper.py: no predictor in it\nnothing to complain about\n',
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

test('what the rules could not read is refused, not praised', async (context) => {
  const command = await makeCommand(context);
  await project(command, { 'sub/predictor.py': good, 'notes.txt': good, 'spell.yaml': 'entrypoint: sub/predictor.py\n' });
  await writeFile(join(command.cwd, 'binary.py'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
  await writeFile(join(command.cwd, 'large.py'), 'x = 1\n'.repeat(400_000));
  await symlink('nowhere.py', join(command.cwd, 'link.py'));
  const refused = {
    'notes.txt': /error: notes\.txt is nothing that there are rules for\nhint: name a predictor/,
    'binary.py': /error: binary\.py is no text in UTF-8\nhint: save it/,
    'large.py': /error: large\.py has 2\.3 MiB, and the rules read no more than 2 MiB\n/,
    'link.py': /error: link\.py is a link to a file that is not there\n/,
    sub: /error: the folder sub has no spell\.yaml\nhint: name the predictor’s file, as in: spell check predictor\.py\n/,
    'sub/predicter.py': /error: there is no file sub\/predicter\.py\nhint: did you mean predictor\.py\?\n/,
  };
  for (const [name, said] of Object.entries(refused)) {
    const { status, stdout, stderr } = await command.spell(['check', name]);
    assert.deepEqual([status, stdout], [2, ''], name);
    assert.match(stderr, said);
  }
  assert.deepEqual(await command.spell(['check', '.']), { status: 0, stdout: '', stderr: 'nothing to complain about\n' });
});

test('what nothing was said of is told', async (context) => {
  const command = await makeCommand(context);
  await project(command, {
    'empty.py': '',
    'stray.yaml': 'a: 1\n',
    'broken.py': good.replace('):\n        return', ')\n        return'),
    'spell.yaml': '',
  });
  const { status, stdout, stderr } = await command.spell(['check', 'empty.py', 'stray.yaml', 'broken.py', 'spell.yaml']);
  assert.deepEqual([status, stdout], [0, '']);
  assert.deepEqual(stderr.split('\n'), [
    'note: empty.py: no predictor in it',
    'note: stray.yaml: no spell.yaml around it names it, so nobody knows what it configures',
    'note: broken.py: line 5 is not understood as Python, and the rules are silent about what it may hide',
    'note: spell.yaml: no model server in it',
    'nothing to complain about',
    '',
  ]);
});

test('files without a predictor are named in one line', async (context) => {
  const command = await makeCommand(context);
  const names = ['a.py', 'b.py', 'c.py', 'd.py', 'e.py'];
  await project(command, Object.fromEntries(names.map((name) => [name, 'x = 1\n'])));
  assert.equal(
    (await command.spell(['check', ...names])).stderr,
    'note: a.py, b.py, c.py and 2 more: no predictor in it\nnothing to complain about\n',
  );
});

test('each file is held against the packages of its own environment', async (context) => {
  const command = await makeCommand(context);
  const needs = `import numpy\n${good}`;
  await project(command, {
    'with/predictor.py': needs,
    'with/.venv/bin/python': '',
    'with/.venv/pyvenv.cfg': 'version = 3.11.0\n',
    'with/.venv/lib/python3.11/site-packages/attrs.py': '',
    'without/predictor.py': needs,
  });
  const { stdout } = await command.spell(['check', 'without/predictor.py', 'with/predictor.py']);
  assert.match(stdout, /^with\/predictor\.py:1:8: warning: .*numpy.*\[missing-dependency\]\n$/);
});

test('the language server says how it wants to be started', async (context) => {
  const command = await makeCommand(context);
  const { status, stderr } = await command.spell(['language-server']);
  assert.equal(status, 2);
  assert.match(stderr, /hint: add --stdio/);
  assert.match((await command.spell(['language-server', '--stdio'])).stderr, /npm run build/);
});
