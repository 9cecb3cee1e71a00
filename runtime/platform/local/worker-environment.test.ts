import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseEnvironment, gatewayEnvironment, installerEnvironment, workerEnvironment } from './worker-environment.ts';

const shell = {
  PATH: '/usr/bin',
  HOME: '/home/ada',
  LC_CTYPE: 'C.UTF-8',
  https_proxy: 'http://proxy:1',
  CUDA_VISIBLE_DEVICES: '0',
  PIP_INDEX_URL: 'https://index/',
  PYTHONPATH: '/x',
  AWS_SECRET_ACCESS_KEY: 'secret',
  SPELL_HOME: '/other',
  SPELL_WORKER: 'theirs',
  NODE_OPTIONS: '--inspect',
};

test("the gateway runs under the control plane's Node, also where that is the editor's own program; a predictor never sees it", () => {
  const editor = { ...shell, ELECTRON_RUN_AS_NODE: '1' };
  assert.equal(gatewayEnvironment(editor, '/h').ELECTRON_RUN_AS_NODE, '1');
  assert.equal(baseEnvironment(editor, '/h').ELECTRON_RUN_AS_NODE, undefined);
});

test('only what is documented is passed on, with the home that is meant', () => {
  assert.deepEqual(baseEnvironment(shell, '/h', 'linux'), {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LC_CTYPE: 'C.UTF-8',
    https_proxy: 'http://proxy:1',
    CUDA_VISIBLE_DEVICES: '0',
    SPELL_HOME: '/h',
  });
  assert.equal(baseEnvironment({ ...shell, SystemRoot: 'C:\\Windows' }, '/h', 'win32').SystemRoot, 'C:\\Windows');
});

test('an installer also learns where its index is', () => {
  const { PIP_INDEX_URL, AWS_SECRET_ACCESS_KEY, SPELL_HOME } = installerEnvironment(shell, '/h');
  assert.deepEqual([PIP_INDEX_URL, AWS_SECRET_ACCESS_KEY, SPELL_HOME], ['https://index/', undefined, '/h']);
});

test('a virtual environment comes first on PATH; --env wins, but cannot change what marks our processes', () => {
  const base = { PATH: '/usr/bin', SPELL_HOME: '/h' };
  const said = { A: '1', SPELL_HOME: '/x', SPELL_WORKER: 'x', SPELL_PROCESS: 'gateway' };
  assert.deepEqual(workerEnvironment(base, { folders: ['/v/bin'], variables: {} }, said), {
    PATH: '/v/bin:/usr/bin',
    SPELL_HOME: '/h',
    A: '1',
  });
  assert.deepEqual(workerEnvironment(base, { folders: [], variables: { PATH: '/conda', SPELL_HOME: '/other' } }, { PATH: '/mine' }), {
    PATH: '/mine',
    SPELL_HOME: '/h',
  });
});
