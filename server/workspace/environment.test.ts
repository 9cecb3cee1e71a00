import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { check } from '../check/check.ts';
import { readEnvironment } from './environment.ts';

async function place(files: Record<string, string>): Promise<{ folder: string; [Symbol.asyncDispose](): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-env-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const site = '.venv/lib/python3.11/site-packages';
const files = {
  '.venv/pyvenv.cfg': 'home = /nowhere/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n',
  [`${site}/sklearn/__init__.py`]: '',
  [`${site}/scikit_learn-1.5.2.dist-info/RECORD`]: 'sklearn/__init__.py,,\nscikit_learn-1.5.2.dist-info/METADATA,,\n',
  [`${site}/six.py`]: '',
  [`${site}/six-1.16.0.dist-info/top_level.txt`]: 'six\n',
  [`${site}/_fast.cpython-311-x86_64-linux-gnu.so`]: '',
  [`${site}/__editable__.acme-1.0.pth`]: 'import __editable___acme_1_0_finder; __editable___acme_1_0_finder.install()\n',
};

test('an environment is read from disk: modules, distributions, editable installs; nothing is run', async () => {
  await using at = await place(files);
  const environment = await readEnvironment(join(at.folder, '.venv/bin/python'));
  assert.deepEqual([...(environment?.modules ?? [])].sort(), ['_fast', 'acme', 'six', 'sklearn']);
  assert.deepEqual(environment?.distributions.get('scikit-learn'), { name: 'scikit_learn', version: '1.5.2', modules: ['sklearn'] });
  assert.equal(environment?.version, '3.11');
});

test('an interpreter whose packages cannot be known says nothing', async () => {
  await using at = await place({ 'bin/x': '' });
  assert.equal(await readEnvironment(join(at.folder, 'bin/python3')), undefined);
  assert.equal(await readEnvironment('/usr/bin/python3'), undefined);
});

test('a missing package is reported for the environment of the predictor, and not for what pip adds', async () => {
  const head = 'import sklearn\nimport six\nimport numpy\nfrom spell.serving import BasePredictor\n';
  const predictor = `${head}\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return numpy.sum(payload)\n`;
  await using at = await place({ ...files, 'predictor.py': predictor });
  const python = join(at.folder, '.venv/bin/python');
  const { diagnostics: found } = await check({ files: [join(at.folder, 'predictor.py')], python });
  assert.deepEqual(
    found.map(({ code, range }) => [code, range.start.line]),
    [['missing-dependency', 2]],
  );
  await writeFile(join(at.folder, 'spell.yaml'), 'entrypoint: predictor.py\npip: [numpy]\n');
  assert.deepEqual((await check({ files: [join(at.folder, 'predictor.py')], python })).diagnostics, []);
});
