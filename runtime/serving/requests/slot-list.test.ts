import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Slot } from './slot.ts';
import { SlotList } from './slot-list.ts';

describe('SlotList', () => {
  const indexes = (list: SlotList): number[] => list.toArray().map(({ index }) => index);

  it('keeps order while slots come at both ends and go from anywhere', () => {
    const list = new SlotList();
    const slots = [0, 1, 2, 3, 4].map((index) => new Slot(index));
    for (const slot of slots.slice(0, 4)) list.push(slot);
    list.unshift(slots[4] as Slot);
    assert.deepEqual(indexes(list), [4, 0, 1, 2, 3]);
    list.remove(slots[1] as Slot);
    list.remove(slots[4] as Slot);
    list.remove(slots[3] as Slot);
    assert.deepEqual(indexes(list), [0, 2]);
    assert.equal(list.length, 2);
    assert.equal(list.shift(), slots[0]);
    assert.equal(list.shift(), slots[2]);
    assert.equal(list.shift(), null);
    assert.equal(list.last, null);
  });
});
