import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exposition } from './exposition.ts';
import { RequestMetrics } from './request-metrics.ts';

describe('the metrics', () => {
  it('count requests by pod and status, and durations cumulatively', () => {
    const metrics = new RequestMetrics();
    const pod = metrics.addPod('digits-1-abc');
    metrics.record(pod, 200, 0.4);
    metrics.record(pod, 200, 3);
    metrics.record(null, 429, 0.1);
    metrics.record(pod, 504, 100_000);
    const lines = exposition([{ owner: 'local', name: 'digits', metrics, queueDepth: 7 }], 9).split('\n');
    for (const line of [
      'spell_requests_total{owner="local",server="digits",pod="digits-1-abc",status="200"} 2',
      'spell_requests_total{owner="local",server="digits",pod="",status="429"} 1',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="0.0005"} 2',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="0.005"} 3',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="60"} 3',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="+Inf"} 4',
      'spell_request_duration_seconds_count{owner="local",server="digits"} 4',
      'spell_queue_depth{owner="local",server="digits"} 7',
      'spell_requests_in_flight 9',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.equal(lines.at(-1), '');
    metrics.forget(pod);
    assert.ok(!exposition([{ owner: 'local', name: 'digits', metrics, queueDepth: 0 }], 0).includes('digits-1-abc'));
  });
});
