import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDefaults } from '../../../api/settings.ts';
import { watchPod } from './watched-enclosure.ts';

const MiB = 2 ** 20;

/** A pod of 100 MiB whose workers have so much; `look` is what the clock would do. */
function watch(sizes: Map<number, number>) {
  let looks: () => Promise<void> = async () => {};
  let ended = false;
  const enclosure = watchPod(
    { id: 'a', settings: withDefaults({ 'ram-limit': 100 * MiB }), unwanted: new AbortController().signal },
    {
      residentMemory: async (pid) => sizes.get(pid) ?? Promise.reject(new Error('it is gone')),
      every: (_, look) => {
        looks = look;
        return () => {
          ended = true;
        };
      },
    },
  );
  const killed: number[] = [];
  for (const pid of sizes.keys()) enclosure.started(pid, () => killed.push(pid));
  return { enclosure, killed, look: () => looks(), hasEnded: () => ended };
}

test('workers that together have less than the limit are left alone', async () => {
  const { killed, look, enclosure } = watch(new Map([[1, 50 * MiB], [2, 50 * MiB]])); // biome-ignore format: a table
  await look();
  assert.deepEqual(killed, []);
  assert.equal(enclosure.ended(1), null);
});

test('over the limit the largest is ended, once, and only its end is told as such', async () => {
  const sizes = new Map([[1, 40 * MiB], [2, 61 * MiB]]); // biome-ignore format: a table
  const { killed, look, enclosure } = watch(sizes);
  await look();
  await look();
  assert.deepEqual(killed, [2]);
  assert.equal(enclosure.ended(1), null);
  assert.equal(enclosure.ended(2), 'ran out of memory: its pod may use 100 MiB (ram-limit)');
  assert.equal(enclosure.ended(2), null);
});

test('a worker that is gone counts nothing, and nothing is watched after the pod', async () => {
  const sizes = new Map([[1, 40 * MiB], [2, 90 * MiB]]); // biome-ignore format: a table
  const { killed, look, enclosure, hasEnded } = watch(sizes);
  sizes.delete(2);
  await look();
  assert.deepEqual(killed, []);
  await enclosure.leave();
  assert.equal(hasEnded(), true);
});
