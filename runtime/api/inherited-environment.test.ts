import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Heir, inheritedBy } from './inherited-environment.ts';

const shell = {
  PATH: '/usr/bin',
  LC_CTYPE: 'C.UTF-8',
  https_proxy: 'http://proxy:1',
  CUDA_VISIBLE_DEVICES: '0',
  PIP_INDEX_URL: 'https://index/',
  LDFLAGS: '-L/opt/lib',
  SPELL_DEBUG: '1',
  SystemRoot: 'C:\\Windows',
  Path: 'C:\\bin',
  PYTHONPATH: '/x',
  AWS_SECRET_ACCESS_KEY: 'secret',
  SPELL_HOME: '/other',
  NODE_OPTIONS: '--inspect',
  TZ: undefined,
};
const everybody = ['PATH', 'LC_CTYPE', 'https_proxy', 'CUDA_VISIBLE_DEVICES'];

for (const [heir, platform, names] of [
  ['worker', 'linux', everybody],
  ['installer', 'linux', [...everybody, 'PIP_INDEX_URL', 'LDFLAGS']],
  ['spelld', 'linux', [...everybody, 'PIP_INDEX_URL', 'LDFLAGS', 'SPELL_DEBUG']],
  ['worker', 'win32', [...everybody, 'SystemRoot', 'Path']],
] as [Heir, NodeJS.Platform, string[]][]) {
  test(`${heir} on ${platform} inherits ${names.join(', ')}, and nothing else of a shell`, () => {
    assert.deepEqual(Object.keys(inheritedBy(heir, shell, platform)), names);
  });
}
