import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Slot } from '../requests/slot.ts';
import { Stages } from '../requests/stages.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { BatchRing } from './batch-ring.ts';
import { RequestRing } from './request-ring.ts';

const nowhere = { pod: null, worker: -1, batch: null, ahead: 0 };

describe('RequestRing', () => {
  it('keeps the newest, newest first, with the time of day at which each ended', () => {
    const clock = new FakeClock();
    const ring = new RequestRing(3);
    for (const id of ['a', 'b', 'c', 'd']) {
      clock.advance(1000);
      ring.add(id, 200, 'answered', new Stages(), nowhere, clock.now());
    }
    assert.deepEqual(
      ring.records(clock).map(({ id, time }) => [id, time]),
      [
        ['d', '2026-01-01T00:00:04.000Z'],
        ['c', '2026-01-01T00:00:03.000Z'],
        ['b', '2026-01-01T00:00:02.000Z'],
      ],
    );
  });

  it('tells stages to the microsecond, and nothing of those that a request did not come to', () => {
    const clock = new FakeClock();
    const ring = new RequestRing(2);
    const slot = new Slot(1);
    slot.takenAt = 1;
    const waiting = new Stages().read(slot, 5);
    ring.add('waited', 504, 'deadline-waiting', waiting, { ...nowhere, ahead: 3 }, 5);
    slot.sentAt = 2;
    slot.waitedMs = 0.5;
    slot.predictedMs = 8.000_4;
    ring.add('ran', 200, 'answered', new Stages().read(slot, 12), { pod: 'p-1', worker: 1, batch: 'w1-7', ahead: 0 }, 12);
    const [ran, waited] = ring.records(clock);
    assert.deepEqual(
      [ran?.totalMs, ran?.queueMs, ran?.prepareMs, ran?.predictMs, ran?.replyMs, ran?.pod, ran?.worker, ran?.batch],
      [12, 1.5, null, 8, 1.5, 'p-1', 1, 'w1-7'],
    );
    assert.deepEqual(
      [waited?.status, waited?.cause, waited?.queueMs, waited?.predictMs, waited?.worker, waited?.ahead],
      [504, 'deadline-waiting', 4, null, null, 3],
    );
  });
});

describe('BatchRing', () => {
  it('tells who waited for whom: a batch whose requests came while the one before ran', () => {
    const ring = new BatchRing(4);
    const first = ring.begin('w0-1', 'p-1', 0, 'worker-free', 10);
    ring.join(first, 'a');
    const second = ring.begin('w0-2', 'p-1', 0, 'worker-free', 20);
    ring.ended(first, 'answered', 1, 10, 20);
    ring.follows(second, first, 15);
    const third = ring.begin('w0-3', 'p-1', 0, 'worker-free', 90);
    ring.follows(third, second, 80);
    assert.deepEqual(
      ring.records(new FakeClock()).map(({ id, after }) => [id, after]),
      [
        ['w0-3', null],
        ['w0-2', 'w0-1'],
        ['w0-1', null],
      ],
    );
  });

  it('counts what became of its requests, and how long the first and the last of them waited', () => {
    const ring = new BatchRing(2);
    const batch = ring.begin('w0-1', 'p-1', 0, 'full', 0);
    for (const id of ['a', 'b', 'c', 'd', 'e']) ring.join(batch, id);
    ring.ended(batch, 'answered', 3, 10, 13);
    ring.ended(batch, 'failed', 7, 12, 15);
    ring.ended(batch, 'gone', 5, Number.NaN, 15);
    ring.ended(batch, 'retried', Number.NaN, Number.NaN, 15);
    ring.isolate(batch);
    const [record] = ring.records(new FakeClock());
    assert.deepEqual(record?.outcome, { running: 1, answered: 1, failed: 1, gone: 1, retried: 1 });
    assert.deepEqual([record?.size, record?.waitedMs, record?.predictMs, record?.isolated], [5, { longest: 7, shortest: 3 }, 12, true]);
  });

  it('finds nothing under the number of a batch that has left it', () => {
    const ring = new BatchRing(2);
    const old = ring.begin('w0-1', 'p-1', 0, 'full', 0);
    ring.begin('w0-2', 'p-1', 0, 'full', 1);
    ring.begin('w0-3', 'p-1', 0, 'full', 2);
    ring.join(old, 'late');
    ring.isolate(old);
    assert.equal(ring.idOf(old), null);
    assert.equal(ring.isIsolated(old), false);
    assert.ok(ring.records(new FakeClock()).every(({ size }) => size === 0));
  });
});
