import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Claim, place } from './place.ts';

const GiB = 2 ** 30;
const machine = { cpus: 4, memoryBytes: 8 * GiB, gpus: 2 };

function claim(object: string, cpus: number, more: Partial<Claim> = {}): Claim {
  return {
    object,
    revision: 1,
    needs: { cpus, memoryBytes: 0, gpus: 0 },
    wanted: 1,
    placed: 0,
    running: 0,
    leaving: 0,
    since: '1',
    ...more,
  };
}

/** `NAME: PODS` each, in the order of their turns. */
const placed = (...claims: Claim[]): string[] => place(claims, machine).map(({ claim: { object }, pods }) => `${object}: ${pods}`);

for (const [what, claims, expected] of [
  ['what fits', [claim('a', 1), claim('b', 3)], ['a: 1', 'b: 1']],
  ['fractions that add up to all there is', [claim('a', 0.1, { wanted: 40 })], ['a: 40']],
  ['as many pods as there is room for', [claim('a', 1.5, { wanted: 3 })], ['a: 2']],
  ['who waits longest, first', [claim('late', 3, { since: '2' }), claim('early', 3)], ['early: 1', 'late: 0']],
  ['a small one beside a large one that does not fit', [claim('large', 5), claim('small', 1, { since: '2' })], ['large: 0', 'small: 1']],
  ['what is there, before who waits longer', [claim('waits', 3), claim('runs', 3, { since: '2', running: 1 })], ['waits: 0', 'runs: 1']],
  [
    'what was promised a place, before it is seen',
    [claim('waits', 3), claim('told', 3, { since: '2', placed: 1 })],
    ['waits: 0', 'told: 1'],
  ],
  ['a pod that drains, as long as it is there', [claim('waits', 3), claim('ends', 3, { wanted: 0, running: 1, leaving: 1 })], ['waits: 0']],
  ['a pod anew beside one of its own that drains', [claim('a', 1, { running: 4, leaving: 4, wanted: 1 })], ['a: 0']],
  [
    'who asks for nothing, on a machine that is full',
    [claim('full', 4, { running: 1 }), claim('any', 0, { wanted: 9 })],
    ['full: 1', 'any: 9'],
  ],
] as [string, Claim[], string[]][]) {
  test(`gets a place: ${what}`, () => assert.deepEqual(placed(...claims), expected));
}

test('a shortage says what is asked for, by which setting, and what is free', () => {
  const needs = { cpus: 1, memoryBytes: 6 * GiB, gpus: 0 };
  const [, second] = place([claim('a', 0, { needs, running: 1 }), claim('b', 0, { needs, since: '2', wanted: 2 })], machine);
  assert.deepEqual(second?.shortage, {
    pods: 2,
    reason: 'each pod needs 6.0 GiB of memory (ram-request), and of 8.0 GiB of memory that this machine has 2.0 GiB of memory are free',
    heldByOwn: false,
  });
});

test('GPUs are shared out whole, and a pod that asks for more than there are is told how many that is', () => {
  const gpus = (count: number): Partial<Claim> => ({ needs: { cpus: 0, memoryBytes: 0, gpus: count } });
  const [one, another, many] = place([claim('a', 0, gpus(1)), claim('b', 0, gpus(2)), claim('c', 0, gpus(3))], machine);
  assert.deepEqual(
    [one?.shortage?.reason, another?.shortage?.reason, many?.shortage?.reason],
    [
      undefined,
      'each pod needs 2 GPUs (gpu-limit), and of 2 GPUs that this machine has 1 GPU are free',
      'each pod needs 3 GPUs (gpu-limit), and this machine has 2 GPUs',
    ],
  );
});

test('while nobody knows how many GPUs there are, who needs some waits, also for those of its own former revision, and everybody else does not', () => {
  const needs = { cpus: 0, memoryBytes: 0, gpus: 1 };
  const before = claim('a', 0, { needs, running: 1 });
  const next = claim('a', 0, { needs, revision: 2, since: '2' });
  const placements = place([before, next, claim('b', 1)], { ...machine, gpus: null });
  assert.deepEqual(
    placements.map(({ pods, shortage }) => [pods, shortage?.reason, shortage?.heldByOwn]),
    [
      [1, undefined, undefined],
      [1, undefined, undefined],
      [0, 'each pod needs 1 GPU (gpu-limit), and nvidia-smi has not said yet how many this machine has', false],
    ],
  );
});

test('a new revision that only the old one keeps from starting is told so', () => {
  const own = (...claims: Claim[]): boolean | undefined => place(claims, machine).at(-1)?.shortage?.heldByOwn;
  const old = claim('a', 3, { running: 1 });
  const next = claim('a', 3, { revision: 2, since: '2' });
  assert.equal(own(old, next), true);
  assert.equal(own(claim('b', 3, { running: 1 }), next), false, 'another model server holds it');
  assert.equal(own(old, { ...next, needs: { cpus: 9, memoryBytes: 0, gpus: 0 } }), false, 'it would not fit either way');
  assert.equal(
    own(claim('a', 0, { running: 1 }), claim('a', 3, { revision: 3, running: 1, leaving: 1, wanted: 0 }), next),
    false,
    'it will be free soon',
  );
});
