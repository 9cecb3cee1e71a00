import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Settings, withDefaults } from '../../../api/settings.ts';
import { type Confinement, ConfinementError, type Enclosure, unconfined } from '../../../serving/pool/confinement.ts';
import { confineToGpus } from './gpu-confinement.ts';

const enclose = async (
  confinement: Confinement,
  settings: Settings,
  unwanted: AbortSignal = new AbortController().signal,
): Promise<Enclosure | null> => confinement.enclose({ id: 'a', settings: withDefaults(settings), unwanted });

test('what a pod has, no other has until it is gone, however often it is told to go', async () => {
  const confinement = confineToGpus(async () => [0, 1, 2], unconfined);
  const first = await enclose(confinement, { 'gpu-limit': 2 });
  const second = await enclose(confinement, { 'gpu-limit': 1 });
  assert.deepEqual([first?.env.CUDA_VISIBLE_DEVICES, second?.env.CUDA_VISIBLE_DEVICES], ['0,1', '2']);
  await assert.rejects(enclose(confinement, { 'gpu-limit': 1 }), {
    message: 'it needs 1 GPU, and of 3 GPUs that this machine has 0 are free',
  });
  await first?.leave();
  const third = await enclose(confinement, { 'gpu-limit': 1 });
  await first?.leave();
  assert.deepEqual([third?.gpus, (await enclose(confinement, { 'gpu-limit': 1 }))?.gpus], [[0], [1]]);
});

test('who asks for none sees none where there are some, unless its own env says otherwise; where there are none nothing is said', async () => {
  const confinement = confineToGpus(async () => [0], unconfined);
  const none = await enclose(confinement, {});
  assert.deepEqual([none?.gpus, none?.env.CUDA_VISIBLE_DEVICES], [[], '']);
  assert.equal(await enclose(confinement, { env: { CUDA_VISIBLE_DEVICES: '0' } }), null);
  const without = confineToGpus(async () => [], unconfined);
  await without.found;
  assert.equal(await enclose(without, {}), null);
});

test('a pod whose other limits cannot be kept gives its GPUs back', async () => {
  let isFull = true;
  const confinement = confineToGpus(async () => [0], {
    enclose: () => (isFull ? Promise.reject(new Error('no room for groups')) : null),
    close: async () => {},
  });
  await assert.rejects(enclose(confinement, { 'gpu-limit': 1 }), { message: 'no room for groups' });
  isFull = false;
  assert.deepEqual((await enclose(confinement, { 'gpu-limit': 1 }))?.gpus, [0]);
});

test('until GPUs are found only who asks for some waits, and no longer than it is wanted; who asks for none sees none', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly number[]>();
  const confinement = confineToGpus(() => promise, unconfined);
  assert.equal((await enclose(confinement, {}))?.env.CUDA_VISIBLE_DEVICES, '');
  assert.equal(await enclose(confinement, { env: { CUDA_VISIBLE_DEVICES: '0' } }), null);
  const wanted = new AbortController();
  const given = enclose(confinement, { 'gpu-limit': 1 }, wanted.signal);
  wanted.abort();
  await assert.rejects(given);
  const waits = enclose(confinement, { 'gpu-limit': 1 });
  resolve([0]);
  assert.deepEqual((await waits)?.gpus, [0]);
});

test('where they cannot be found, who asks for some is told why and who asks for none sees none', async () => {
  const confinement = confineToGpus(() => Promise.reject(new Error('nvidia-smi fails: no driver')), unconfined);
  await assert.rejects(enclose(confinement, { 'gpu-limit': 2 }), (error) => {
    assert.ok(error instanceof ConfinementError);
    assert.equal(error.message, 'it needs 2 GPUs, and nvidia-smi fails: no driver');
    assert.match(error.hint, /nvidia-smi/);
    return true;
  });
  assert.equal((await enclose(confinement, {}))?.env.CUDA_VISIBLE_DEVICES, '');
});

test('what still looks for them ends with the gateway', async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const confinement = confineToGpus((closed) => {
    closed.addEventListener('abort', () => resolve());
    return new Promise(() => {});
  }, unconfined);
  await confinement.close();
  await aborted;
});
