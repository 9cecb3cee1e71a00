import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSpellYaml } from '../../runtime/api/project/spell-yaml.ts';
import { saidByValues } from './entrypoint.ts';
import { commandLine, saveSpellYaml } from './written.ts';

test('what is saved is read again as the same, beside what stood there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-written-'));
  t.after(() => rm(folder, { recursive: true }));
  const entrypoint = join(folder, 'sub', '..', 'predictor.py');
  const first = saidByValues({ 'server-name': 'a', entrypoint, model: ['m:v1'], 'min-pods': '2' }, '/');
  const file = await saveSpellYaml(first);
  await saveSpellYaml(saidByValues({ 'server-name': 'b', entrypoint, env: ['A=1 2'] }, '/'));
  const documents = await readSpellYaml(file);
  const values = documents.map(({ said }) => Object.fromEntries(Object.entries(said).map(([key, { value }]) => [key, value])));
  assert.deepEqual(values, [
    { 'server-name': 'a', model: ['m:v1'], entrypoint: 'predictor.py', 'min-pods': 2 },
    { 'server-name': 'b', entrypoint: 'predictor.py', env: ['A=1 2'] },
  ]);
  assert.match(await readFile(file, 'utf8'), /^server-name: a\n.*\n---\nserver-name: b\n/s);
});

test('a model server that stood there is written in its place, and every other line stays', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-written-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'spell.yaml');
  await writeFile(file, '# the first\nserver-name: a\nmin-pods: 1\n---\n# the second\nserver-name: b # stays\n');
  await saveSpellYaml(saidByValues({ 'server-name': 'a', entrypoint: join(folder, 'predictor.py'), 'min-pods': '3' }, '/'));
  const text = '# the first\nserver-name: a\nentrypoint: predictor.py\nmin-pods: 3\n---\n# the second\nserver-name: b # stays\n';
  assert.equal(await readFile(file, 'utf8'), text);
});

test('the command line says the same, quoted for a shell', () => {
  const said = saidByValues(
    {
      'server-name': 'a',
      entrypoint: '/project/predictor.py',
      model: ['m', 'n:v1'],
      env: ["A=it's"],
      debug: 'true',
      'enable-batching': 'false',
    },
    '/project',
  );
  assert.equal(commandLine(said), `spell server serve --name a --model m --model n:v1 --env 'A=it'\\''s' --debug predictor.py`);
});
