import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy } from './restart-policy.ts';

test('a server that ends now and then is started again; one that ends again and again is not, until somebody asks', () => {
  let now = 0;
  const policy = new RestartPolicy(() => now);
  for (let i = 0; i < 20; i++) {
    now += 60_001;
    assert.equal(policy.ended(), 'restart', `end ${i}`);
  }
  now += 10 * 60_000;
  assert.deepEqual([policy.ended(), policy.ended(), policy.ended(), policy.ended()], ['restart', 'restart', 'restart', 'give up']);
  policy.forget();
  assert.equal(policy.ended(), 'restart');
});
