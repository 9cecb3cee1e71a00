import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Leases, leasePauseMs } from './leases.ts';

/** Leases on a fake clock, how often they were lost, and a way to hold one: the result breaks it off. */
function makeLeases(t: TestContext): { leases: Leases; lost: () => number; hold: (holder: string) => () => void } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lost = t.mock.fn();
  const leases = new Leases(lost);
  const hold = (holder: string): (() => void) => {
    const connection = new AbortController();
    leases.hold(holder, connection.signal);
    return () => connection.abort();
  };
  return { leases, lost: () => lost.mock.callCount(), hold };
}

test('is lost once the last holder has been gone for the pause, and not before', (t) => {
  const { lost, hold } = makeLeases(t);
  const [first, second] = [hold('a'), hold('b')];
  first();
  t.mock.timers.tick(leasePauseMs * 2);
  assert.equal(lost(), 0, 'another one holds it');
  second();
  t.mock.timers.tick(leasePauseMs - 1);
  assert.equal(lost(), 0);
  t.mock.timers.tick(1);
  assert.equal(lost(), 1);
});

test('one that comes within the pause keeps everything, and its own end begins a new pause', (t) => {
  const { lost, hold } = makeLeases(t);
  hold('a')();
  t.mock.timers.tick(leasePauseMs - 1);
  const again = hold('a');
  t.mock.timers.tick(leasePauseMs * 2);
  assert.equal(lost(), 0);
  again();
  t.mock.timers.tick(leasePauseMs);
  assert.equal(lost(), 1);
});

test('a holder that is back before its old connection is found broken still holds', (t) => {
  const { lost, hold } = makeLeases(t);
  const old = hold('a');
  hold('a');
  old();
  t.mock.timers.tick(leasePauseMs * 2);
  assert.equal(lost(), 0);
});

test('one that is given back stops nothing and ends, and is not taken anew by a request that was overtaken', async (t) => {
  const { leases, lost, hold } = makeLeases(t);
  const connection = new AbortController();
  const held = leases.hold('a', connection.signal);
  leases.giveBack('a');
  assert.deepEqual(await Array.fromAsync(held), []);
  connection.abort();
  hold('a')();
  t.mock.timers.tick(leasePauseMs * 2);
  assert.equal(lost(), 0);
});

test('giving one back leaves those of others', (t) => {
  const { leases, lost, hold } = makeLeases(t);
  const other = hold('b');
  hold('a');
  leases.giveBack('a');
  other();
  t.mock.timers.tick(leasePauseMs);
  assert.equal(lost(), 1);
});

test('where nobody has ever held one, nothing ends', (t) => {
  const { lost } = makeLeases(t);
  t.mock.timers.tick(leasePauseMs * 100);
  assert.equal(lost(), 0);
});
