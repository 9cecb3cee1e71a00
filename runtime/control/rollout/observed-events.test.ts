import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, ObservedRevision } from '../../platform/platform.ts';
import { seenPod, seenRevision } from '../testing/fake-platform.ts';
import { observedEvents } from './observed-events.ts';

function look(endpoint: string | null, ...revisions: ObservedRevision[]): Observation {
  return { endpoint, processes: {}, servers: revisions.length === 0 ? [] : [{ owner: 'local', name: 'a.b', serving: 1, revisions }] };
}

function told(before: Observation, after: Observation): string[] {
  return observedEvents(before, after).map(({ type, object, message }) => `${type} ${object} ${message}`);
}

const url = 'http://127.0.0.1:8000';

test('the life of a pod is told step by step, and nothing twice', () => {
  const steps: Observation[] = [
    look(url),
    look(url, seenRevision(1, [], { preparing: 'numpy 2.3' })),
    look(url, seenRevision(1, ['created'])),
    look(url, seenRevision(1, ['starting'])),
    look(url, seenRevision(1, ['ready'])),
    look(url, seenRevision(1, ['ready'])),
    look(url, { ...seenRevision(1, []), pods: [seenPod('r1-0', 'backing-off', { restarts: 1, reason: 'killed by signal 9' })] }),
    look(url, seenRevision(1, ['ready'])),
    look(url),
  ];
  const all = steps.slice(1).map((step, index) => told(steps[index] ?? step, step));
  assert.deepEqual(all, [
    ['environment.progress local/a.b revision 1: numpy 2.3'],
    ['environment.ready local/a.b revision 1 has all that it needs to start', 'pod.created local/a.b pod r1-0 was created'],
    [],
    ['pod.ready local/a.b pod r1-0 is ready'],
    [],
    [
      'pod.restarting local/a.b pod r1-0 starts a worker again: killed by signal 9',
      'pod.unhealthy local/a.b pod r1-0 waits before it tries again: killed by signal 9',
    ],
    ['pod.ready local/a.b pod r1-0 is ready'],
    ['pod.gone local/a.b pod r1-0 is gone'],
  ]);
});

test('an environment that cannot be made is told with its reason', () => {
  const failure = {
    code: 'environment',
    message: 'no such package: numpie',
    hint: null,
    file: null,
    line: null,
    class: null,
    log: [],
    final: true,
  };
  const before = look(url, seenRevision(1, [], { preparing: 'numpie' }));
  assert.deepEqual(told(before, look(url, seenRevision(1, [], { failure }))), [
    'environment.failed local/a.b revision 1: no such package: numpie',
  ]);
});

test('a gateway that comes and goes is told, with its pods', () => {
  const before = look(url, seenRevision(1, ['ready']));
  assert.deepEqual(told(before, look(null)), [
    'gateway.lost gateway the gateway does not answer; it is being started again',
    'pod.gone local/a.b pod r1-0 is gone',
  ]);
  assert.deepEqual(told(look(null), look(url)), [`gateway.started gateway the gateway answers at ${url}`]);
});
