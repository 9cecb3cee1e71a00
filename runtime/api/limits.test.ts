import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLimits, limitLines } from './limits.ts';
import { withDefaults } from './settings.ts';

test('a limit below what is requested is refused with both values', () => {
  assert.throws(() => checkLimits({ 'cpu-request': 2, 'cpu-limit': 1 }), {
    code: 'bad-setting',
    message: 'cpu-limit is 1, less than cpu-request, which is 2',
  });
  checkLimits({ 'cpu-limit': 0.5 });
});

test('a cpu-limit below the default request lowers that, so that a target of CPU means something', () => {
  assert.equal(withDefaults({ 'cpu-limit': 0.5 })['cpu-request'], 0.5);
  assert.equal(withDefaults({ 'cpu-limit': 4 })['cpu-request'], 0.9);
});

test('what is only watched is said plainly, with the reason', () => {
  const settings = { 'ram-limit': 512 * 2 ** 20, 'cpu-limit': 2 };
  assert.deepEqual(limitLines(settings, { by: 'cgroups', why: null }), [
    'each pod: 512 MiB of memory, held by the kernel (control groups)',
    'each pod: 2 CPUs, held by the kernel (control groups)',
  ]);
  assert.deepEqual(limitLines(settings, { by: 'watching', why: 'this system has no control groups' }), [
    'each pod: 512 MiB of memory, watched: its workers are looked at 4 times a second, and the largest is ended when they have more together',
    'each pod: 2 CPUs, only advised: by the thread counts of its libraries, and a lower priority',
    'the kernel does not hold them: this system has no control groups',
  ]);
  assert.deepEqual(limitLines({}, { by: 'watching', why: 'any' }), []);
  assert.deepEqual(limitLines({ 'gpu-limit': 2 }, { by: 'watching', why: 'any' }), ['each pod: 2 GPUs, which no other pod has']);
});
