import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slotState } from './slot.ts';
import { SlotTable } from './slot-table.ts';

describe('SlotTable', () => {
  it('gives a slot used again a new id, so that a late answer to its former request finds nothing', () => {
    const table = new SlotTable();
    const slot = table.acquire();
    assert.ok(slot);
    slot.state = slotState.sent;
    const { id } = slot;
    assert.equal(table.find(id), slot);
    table.release(slot);
    assert.equal(table.find(id), undefined);
    const again = table.acquire();
    assert.ok(again);
    again.state = slotState.sent;
    assert.equal(again.index, slot.index);
    assert.equal(table.find(id), undefined);
    assert.equal(table.find(again.id), again);
  });

  it('keeps ids small integers over all generations', () => {
    const table = new SlotTable();
    const ids = new Set<number>();
    for (let use = 0; use < 4096; use++) {
      const slot = table.acquire();
      assert.ok(slot);
      assert.ok(slot.id >= 0 && slot.id < 2 ** 31);
      ids.add(slot.id);
      table.release(slot);
    }
    assert.equal(ids.size, 4096);
  });

  it('counts what is in use and makes no second slot while one is free', () => {
    const table = new SlotTable();
    const [a, b] = [table.acquire(), table.acquire()];
    assert.ok(a && b);
    assert.equal(table.used, 2);
    table.release(a);
    assert.equal(table.used, 1);
    assert.equal(table.acquire(), a);
  });
});
