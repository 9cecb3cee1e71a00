import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Incidents } from '../records/incidents.ts';
import { Slot } from '../requests/slot.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { exposition } from './exposition.ts';
import { ServerTraffic } from './server-traffic.ts';

describe('the metrics', () => {
  it('count requests by pod, status and cause, and durations cumulatively', () => {
    const traffic = new ServerTraffic(
      new Incidents(
        new FakeClock(),
        () => {},
        () => 1,
      ),
    );
    const pod = traffic.addPod('digits-1-abc', 1);
    const slot = new Slot(1);
    const record = (...[status, cause, counter, ms]: [number, Parameters<ServerTraffic['record']>[2], typeof pod | null, number]): void =>
      traffic.record(slot, status, cause, counter, ms);
    record(200, 'answered', pod, 0.4);
    record(200, 'answered', pod, 3);
    record(504, 'deadline-running', pod, 100_000);
    traffic.refused('r', 429, 'queue-full', 0);
    const source = { owner: 'local', name: 'digits', traffic, queueDepth: 7 };
    const lines = exposition([source], 9).split('\n');
    for (const line of [
      'spell_requests_total{owner="local",server="digits",pod="digits-1-abc",status="200"} 2',
      'spell_requests_total{owner="local",server="digits",pod="",status="429"} 1',
      'spell_request_causes_total{owner="local",server="digits",cause="queue-full"} 1',
      'spell_request_causes_total{owner="local",server="digits",cause="deadline-running"} 1',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="0.000512"} 1',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="0.004096"} 2',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="67.108864"} 2',
      'spell_request_duration_seconds_bucket{owner="local",server="digits",le="+Inf"} 3',
      'spell_request_duration_seconds_count{owner="local",server="digits"} 3',
      'spell_request_stage_seconds_count{owner="local",server="digits",stage="predict"} 0',
      'spell_queue_depth{owner="local",server="digits"} 7',
      'spell_requests_in_flight 9',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.equal(lines.at(-1), '');
    traffic.forget(pod);
    const after = exposition([source], 0);
    assert.ok(!after.includes('digits-1-abc'));
    assert.match(after, /spell_request_duration_seconds_count\{[^}]*\} 3\n/, 'what a pod answered that is gone stays counted');
  });
});
