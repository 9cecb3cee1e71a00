import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Preparation } from './preparation.ts';
import { PreparationError } from './preparation-error.ts';
import type { Wanted } from './shared-work.ts';

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await turn();
}

test('a passing fault is tried again, shown meanwhile, and counts as final after the last try', async () => {
  let tries = 0;
  const shown: (string | null)[] = [];
  const over = Promise.withResolvers<void>();
  const preparation: Preparation<string> = new Preparation(
    async () => {
      if (tries++ > 0) shown.push(preparation.preparing);
      throw new Error('the network is away');
    },
    () => preparation.failure && over.resolve(),
    [0, 0],
  );
  await over.promise;
  assert.equal(tries, 3);
  for (const what of shown) assert.match(what ?? '', /the network is away; trying again/);
  const { failure, preparing } = preparation;
  assert.deepEqual([failure?.code, failure?.final, preparing], ['preparation-failed', true, null]);
});

test('a final failure is not tried again', async () => {
  let tries = 0;
  const failed = Promise.withResolvers<void>();
  const preparation = new Preparation(async () => {
    tries++;
    throw new PreparationError({ code: 'environment-failed', message: 'no such package' });
  }, failed.resolve);
  await failed.promise;
  assert.deepEqual([tries, preparation.failure?.code, preparation.result], [1, 'environment-failed', undefined]);
});

test('progress is told at most every quarter of a second, and always the last word', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const told: (string | null)[] = [];
  const begun = Promise.withResolvers<Wanted>();
  const end = Promise.withResolvers<string>();
  const preparation: Preparation<string> = new Preparation(
    (wanted) => {
      begun.resolve(wanted);
      return end.promise;
    },
    () => told.push(preparation.preparing),
  );
  const { onProgress } = await begun.promise;
  for (let line = 0; line < 100; line++) onProgress(`line ${line}`);
  context.mock.timers.tick(250);
  onProgress('line 100');
  context.mock.timers.tick(250);
  end.resolve('done');
  await settle();
  assert.deepEqual(told, ['line 99', 'line 100', null]);
  assert.equal(preparation.result, 'done');
});

test('what was cancelled is aborted and says nothing more', async () => {
  const aborted = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const preparation = new Preparation(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason);
          aborted.resolve();
        });
        begun.resolve();
      }),
    () => assert.fail('it said something'),
  );
  await begun.promise;
  preparation.cancel();
  await aborted.promise;
  await settle();
  assert.equal(preparation.failure, null);
});
