import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rollout } from '../../../../api/objects.ts';
import { whySilent } from './why-silent.ts';

const silent = { name: 'maps', state: 'created', reason: null, failure: null, rollout: null } as const;
const rollout: Rollout = { state: 'progressing', revision: 1, reason: null, stage: 'creating the environment with numpy', failure: null, log: [], servedFrom: null }; // biome-ignore format: one line

test('what is on its way says how far it is, and how to see more; who follows sees more anyway', () => {
  const making = { ...silent, rollout };
  assert.equal(
    whySilent(making, false),
    'maps has printed nothing yet: creating the environment with numpy; follow it: spell server logs maps -f',
  );
  assert.equal(whySilent(making, true), 'maps has printed nothing yet: creating the environment with numpy; what it prints comes here');
  const waiting = { ...making, reason: '1 pod is unschedulable: no room' };
  assert.match(whySilent(waiting, false), /yet: 1 pod is unschedulable: no room; follow it/);
  assert.match(whySilent(silent, false), /yet: it is created; /);
});

test('what will not print by itself says what to do about it', () => {
  assert.equal(
    whySilent({ ...silent, state: 'stopped' }, true),
    'maps has printed nothing yet: it is stopped; start it: spell server start maps',
  );
  const failure = { code: 'environment-failed', message: 'no numpy', hint: 'correct `pip`', file: null, line: null, class: null };
  const failed = { ...silent, state: 'failed', reason: 'no numpy' } as const;
  assert.equal(whySilent({ ...failed, failure }, false), 'maps has printed nothing yet: no numpy; correct `pip`');
  assert.match(whySilent(failed, false), /no numpy; see it whole: spell server describe maps$/);
});
