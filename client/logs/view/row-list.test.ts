import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowList } from './row-list.ts';

/** The same as a list that adds everything up anew. */
function check(rows: RowList, expected: { entry: number; height: number }[]): void {
  assert.equal(rows.length, expected.length);
  let offset = 0;
  for (const [row, { entry, height }] of expected.entries()) {
    assert.equal(rows.entryOf(row), entry);
    if (row % 97 === 0) {
      assert.equal(rows.offsetOf(row), offset);
      assert.equal(rows.rowAt(offset), row);
      assert.equal(rows.rowAt(offset + height - 1), row);
      assert.equal(rows.rowOf(entry), row);
    }
    offset += height;
  }
  assert.equal(rows.height, offset);
}

test('rows are found by offset and entry, while rows are added, dropped and corrected', () => {
  const rows = new RowList();
  let expected: { entry: number; height: number }[] = [];
  let entry = 0;
  for (let round = 0; round < 40; round++) {
    for (let count = 0; count < 300; count++) {
      // Entries that a filter hides have no row.
      entry += 1 + (count % 3);
      const height = 1 + ((entry * 7) % 4);
      rows.push(entry, height);
      expected.push({ entry, height });
    }
    const at = (round * 53) % expected.length;
    const corrected = expected[at];
    assert.ok(corrected);
    assert.equal(rows.setHeight(at, 9), 9 - corrected.height);
    corrected.height = 9;
    if (round > 10) {
      const before = entry - 2000;
      const dropped = expected.filter((each) => each.entry < before).reduce((sum, { height }) => sum + height, 0);
      assert.equal(rows.dropBefore(before), dropped);
      expected = expected.filter((each) => each.entry >= before);
    }
    check(rows, expected);
  }
  rows.clear();
  check(rows, []);
  assert.deepEqual([rows.rowAt(5), rows.rowOf(5), rows.entryOf(0)], [0, 0, undefined]);
});
