import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricsPoint } from '../../../../api/objects.ts';
import { userPieces } from './user-rows.ts';

test('of one step a counter says how much it grew, a gauge how it stands, and what is not kept is counted', () => {
  const point = {
    userMetrics: [
      { name: 'seen_total', labels: { kind: 'c' }, type: 'counter', value: 3 },
      { name: 'load', labels: {}, type: 'gauge', value: 0.123456789 },
    ],
    userMetricsLeftOut: 7,
  } as unknown as MetricsPoint;
  assert.deepEqual(userPieces(point), ['seen_total{kind="c"}=+3', 'load=0.123457', 'and 7 more, which are not kept']);
  assert.deepEqual(userPieces({ ...point, userMetrics: [], userMetricsLeftOut: 0 }), []);
});
