import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultInterpreter, findInterpreter } from './interpreter.ts';
import { makeTree } from './testing.ts';

const skip = process.platform === 'win32';
/** A binary as far as we look: no script. */
const python = { script: '\x7fELF' };

test('the active environment wins, then .venv beside the entrypoint, then at the root, then the one selected in an editor, then PATH', {
  skip,
}, async (t) => {
  const root = await makeTree(t, {
    'active/bin/python': python,
    'project/.venv/bin/python': python,
    'project/pkg/.venv/bin/python': python,
    'bin/python3': python,
    'empty/': '',
  });
  const entrypoint = join(root, 'project/pkg/p.py');
  const project = join(root, 'project');
  const PATH = join(root, 'bin');
  const chosen = async (env: NodeJS.ProcessEnv, file = entrypoint): Promise<string | undefined> => defaultInterpreter(file, project, env);
  assert.equal(await chosen({ PATH, VIRTUAL_ENV: join(root, 'active') }), join(root, 'active/bin/python'));
  assert.equal(await chosen({ PATH, VIRTUAL_ENV: join(root, 'gone') }), join(root, 'project/pkg/.venv/bin/python'));
  assert.equal(await chosen({ PATH }, join(root, 'project/other/p.py')), join(root, 'project/.venv/bin/python'));
  assert.equal(await defaultInterpreter(join(root, 'empty/p.py'), join(root, 'empty'), { PATH }), join(root, 'bin/python3'));
  assert.equal(await defaultInterpreter(join(root, 'empty/p.py'), join(root, 'empty'), { PATH: '' }), undefined);
  const selected = join(root, 'active/bin/python');
  assert.equal(await defaultInterpreter(join(root, 'empty/p.py'), join(root, 'empty'), { PATH }, selected), selected);
  assert.equal(await defaultInterpreter(join(root, 'empty/p.py'), join(root, 'empty'), { PATH }, '/gone'), join(root, 'bin/python3'));
  assert.equal(await defaultInterpreter(entrypoint, project, { PATH }, selected), join(root, 'project/pkg/.venv/bin/python'));
});

test("a version manager's shim is asked for its choice, in the entrypoint's folder; one that fails is passed over", { skip }, async (t) => {
  const root = await makeTree(t, {
    'shims/python3': { script: '#!/bin/sh\n[ -e chosen ] || exit 1\necho /opt/chosen/python\n' },
    'usr/python': python,
    'with/chosen': '',
    'without/x': '',
  });
  const env = { PATH: `${join(root, 'shims')}:${join(root, 'usr')}` };
  assert.equal(await defaultInterpreter(join(root, 'with/p.py'), join(root, 'with'), env), '/opt/chosen/python');
  assert.equal(await defaultInterpreter(join(root, 'without/p.py'), join(root, 'without'), env), join(root, 'usr/python'));
});

test('--python takes a path, a folder of an environment, or a command on PATH', { skip }, async (t) => {
  const root = await makeTree(t, { 'env/bin/python': python, 'bin/python3.12': python, here: python });
  const find = async (text: string): Promise<string> =>
    findInterpreter({ value: text, where: '--python', folder: root }, text, { PATH: join(root, 'bin') });
  assert.equal(await find('env/bin/python'), join(root, 'env/bin/python'));
  assert.equal(await find('./env'), join(root, 'env/bin/python'));
  assert.equal(await find('python3.12'), join(root, 'bin/python3.12'));
  assert.equal(await find('here'), join(root, 'here'));
  await assert.rejects(find('python9'), { code: 'bad-setting', message: /--python: "python9" is not on PATH/ });
  await assert.rejects(find('./nothing'), { code: 'bad-setting', message: /there is no Python at .*nothing/ });
});
