import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames, nearNamesHint } from './near-names.ts';

test('a slip is recognised, the nearest first; what resembles nothing is not guessed at', () => {
  assert.deepEqual(nearNames('serv', ['serve', 'server', 'stop']), ['serve', 'server']);
  assert.deepEqual(nearNames('min-pod', ['max-pods', 'min-pods', 'model']), ['min-pods']);
  assert.deepEqual(nearNames('xyz', ['serve', 'stop']), []);
  assert.deepEqual(nearNames('x', ['rm', 'ls', 'cp']), []);
});

test('a hint lists what there is when nothing is near, and says nothing when there is nothing', () => {
  assert.equal(nearNamesHint('cifra', ['cifar']), 'did you mean cifar?');
  assert.equal(nearNamesHint('zebra', ['cifar', 'digits']), 'there are: cifar, digits');
  assert.equal(nearNamesHint('zebra', []), undefined);
});
