import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GpuMeter, type GpuReadings } from './gpu-meter.ts';

function metered(ask: (times: number) => Promise<GpuReadings>) {
  const clock = { now: 0, asked: 0 };
  const meter = new GpuMeter(
    () => ask(++clock.asked),
    () => clock.now,
  );
  return { meter, clock };
}

test('all that look at about the same time share one question; the next look has an answer of its own', async () => {
  const { meter, clock } = metered(async (times) => new Map([[0, { gpuUtilization: times / 10 }]]));
  const first = await Promise.all([meter.read(), meter.read()]);
  clock.now = 3000;
  assert.deepEqual(
    [...first, await meter.read()].map((readings) => readings.get(0)?.gpuUtilization),
    [0.1, 0.1, 0.1],
  );
  clock.now = 5000;
  assert.equal((await meter.read()).get(0)?.gpuUtilization, 0.2);
  assert.equal(clock.asked, 2);
});

test('a driver that fails costs the readings of that time and nothing else', async () => {
  const { meter, clock } = metered(async (times) => (times === 1 ? Promise.reject(new Error('no driver')) : new Map([[0, {}]])));
  assert.equal((await meter.read()).size, 0);
  clock.now = 5000;
  assert.equal((await meter.read()).size, 1);
});
