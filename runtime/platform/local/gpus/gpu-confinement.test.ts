import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Settings, withDefaults } from '../../../api/settings.ts';
import { type Confinement, type Enclosure, unconfined } from '../../../serving/pool/confinement.ts';
import { confineToGpus } from './gpu-confinement.ts';

const enclose = async (confinement: Confinement, settings: Settings): Promise<Enclosure | null> =>
  confinement.enclose({ id: 'a', settings: withDefaults(settings) });

test('what a pod has, no other has until it is gone, however often it is told to go', async () => {
  const confinement = confineToGpus([0, 1, 2], unconfined);
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
  const confinement = confineToGpus([0], unconfined);
  const none = await enclose(confinement, {});
  assert.deepEqual([none?.gpus, none?.env.CUDA_VISIBLE_DEVICES], [[], '']);
  assert.equal(await enclose(confinement, { env: { CUDA_VISIBLE_DEVICES: '0' } }), null);
  assert.equal(await enclose(confineToGpus([], unconfined), {}), null);
});

test('a pod whose other limits cannot be kept gives its GPUs back', async () => {
  let isFull = true;
  const confinement = confineToGpus([0], {
    enclose: () => (isFull ? Promise.reject(new Error('no room for groups')) : null),
    close: async () => {},
  });
  await assert.rejects(enclose(confinement, { 'gpu-limit': 1 }), { message: 'no room for groups' });
  isFull = false;
  assert.deepEqual((await enclose(confinement, { 'gpu-limit': 1 }))?.gpus, [0]);
});
