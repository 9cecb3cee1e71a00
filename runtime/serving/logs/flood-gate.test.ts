import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../api/testing/random.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FloodGate, floodBurstBytes, floodBytesPerSecond, floodPauseMs } from './flood-gate.ts';

/** A gate, what came through it as text, and how many lines it said to have dropped. */
function gateOf(clock: FakeClock) {
  const seen = { text: '', dropped: 0, told: 0 };
  const gate = new FloodGate(clock, ({ lines }) => {
    seen.dropped += lines;
    seen.told++;
  });
  const push = (bytes: Buffer): void => {
    seen.text += gate.pass(bytes).toString();
  };
  return { gate, seen, push };
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

test('what a stream prints within its rate comes through as it is', () => {
  const clock = new FakeClock();
  const { gate, seen, push } = gateOf(clock);
  const second = Buffer.from('x'.repeat(99).concat('\n').repeat(5000));
  for (let passed = 0; passed < 10; passed++) {
    push(second);
    clock.advance(1000);
  }
  gate.end();
  assert.deepEqual([linesOf(seen.text).length, seen.dropped], [50_000, 0]);
});

test('of a flood, cut anywhere into pieces, every line comes through whole or is counted', () => {
  const random = seededRandom(7);
  const clock = new FakeClock();
  const { gate, seen, push } = gateOf(clock);
  const printed = Array.from({ length: 60_000 }, (_, number) => `${number} ${'y'.repeat(Math.floor(random() * 200))} ${number}`);
  const flood = Buffer.from(`${printed.join('\n')}\n`);
  for (let from = 0; from < flood.length; ) {
    const size = Math.ceil(random() * 65_536);
    push(flood.subarray(from, from + size));
    from += size;
    clock.advance(1);
  }
  gate.end();
  const through = linesOf(seen.text);
  assert.equal(through.length + seen.dropped, printed.length);
  for (const line of through) assert.equal(line, printed[Number.parseInt(line, 10)]);
  assert.ok(seen.text.length < floodBurstBytes + (clock.now() / 1000) * floodBytesPerSecond, `${seen.text.length}`);
  assert.ok(seen.dropped > 0 && through.length > 0);
});

test('what was dropped is told once the flood has ended, also by silence', () => {
  const clock = new FakeClock();
  const { seen, push } = gateOf(clock);
  push(Buffer.from('z\n'.repeat(floodBurstBytes)));
  assert.equal(seen.told, 0);
  clock.advance(floodPauseMs);
  assert.equal(seen.told, 1);
});

test('a line without an end is dropped, too, and nothing is joined to what came through of it', () => {
  const clock = new FakeClock();
  const { gate, seen, push } = gateOf(clock);
  for (let piece = 0; piece < 100; piece++) push(Buffer.from('e'.repeat(65_536)));
  assert.ok(seen.text.length < floodBurstBytes + 2 * 65_536);
  push(Buffer.from('end\nnext\n'));
  clock.advance(60_000);
  push(Buffer.from('later\n'));
  gate.end();
  assert.match(seen.text, /^e+\nlater\n$/);
  assert.equal(seen.dropped, 2);
});
