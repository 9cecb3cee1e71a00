import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leavesNone, visibleGpus } from './visible-gpus.ts';

const gpus = [
  { index: 0, uuid: 'GPU-aaaa-1' },
  { index: 1, uuid: 'GPU-bbbb-2' },
  { index: 2, uuid: 'GPU-cccc-3' },
];

for (const [said, left] of [
  [undefined, [0, 1, 2]],
  ['', []],
  ['2,0', [2, 0]],
  ['1, 2', [1, 2]],
  ['GPU-bb', [1]],
  ['0,-1,1', [0]],
  ['0,7,1', [0]],
  ['MIG-aaaa', []],
] as const) {
  test(`CUDA_VISIBLE_DEVICES=${said ?? '(not set)'} leaves ${left.join(', ') || 'none'}`, () => {
    assert.deepEqual(visibleGpus(gpus, said), left);
    assert.equal(leavesNone(said), left.length === 0, 'of any machine');
  });
}
