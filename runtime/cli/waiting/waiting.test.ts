import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { EventType, SpellEvent } from '../../api/events.ts';
import type { Operation } from '../../api/objects.ts';
import { RolloutReader } from '../../api/rollout-outcome.ts';
import { type FakeControlPlane, fakeControlPlane, makeCommand, type TestCommand } from '../testing.ts';

const modelServer = {
  name: 'x',
  owner: 'local',
  state: 'updating',
  url: 'http://127.0.0.1:1/local/x',
  revision: 1,
} as Operation['modelServer'];
const operation = { operation: 'rollout/local/x/2', revision: 2, since: 10, modelServer };

function event(seq: number, type: EventType, message: string, data: SpellEvent['data'] = { revision: 2 }): SpellEvent {
  return { seq, time: '2026-01-01T00:00:00Z', type, object: 'local/x', message, data };
}

/** An event stream that says these and stays open. */
function says(...events: SpellEvent[]): (asked: unknown, response: ServerResponse) => void {
  return (_, response) => {
    response.write(': heartbeat\n\n');
    for (const each of events) response.write(`id: ${each.seq}\ndata: ${JSON.stringify(each)}\n\n`);
  };
}

/** A home in which a model server x is updated by `spell server update x --min-pods 2`. */
async function updating(t: Parameters<typeof makeCommand>[0], rollout: unknown = null): Promise<TestCommand & { plane: FakeControlPlane }> {
  const made = await makeCommand(t);
  const plane = await fakeControlPlane(t, made.home, {
    'PATCH /model-servers/local/x': operation,
    'GET /model-servers/local/x': { ...modelServer, state: 'running', revision: 2, rollout },
  });
  return { ...made, plane };
}

const update = ['server', 'update', 'x', '--min-pods', '2'];

describe('waiting for a rollout', () => {
  test('tells the stages on stderr; the last line of stdout is the predict URL alone', async (t) => {
    const { spell, plane } = await updating(t);
    const elsewhere = { ...event(12, 'rollout.failed', 'of somebody else'), object: 'local/y' };
    plane.answers['GET /events'] = says(
      event(11, 'rollout.started', 'rolling out'),
      elsewhere,
      event(13, 'rollout.succeeded', 'rolled out'),
    );
    assert.deepEqual(await spell(update), {
      status: 0,
      stdout: 'http://127.0.0.1:1/local/x/predict\n',
      stderr: 'rolling out\nrolled out\n',
    });
    assert.deepEqual(plane.asked.find(({ method }) => method === 'PATCH')?.body, { settings: { 'min-pods': 2 } });
  });

  test('with -o json stdout is the object of describe, and stderr is empty', async (t) => {
    const { spell, plane } = await updating(t);
    plane.answers['GET /events'] = says(event(11, 'rollout.succeeded', 'rolled out'));
    const { stdout, stderr } = await spell([...update, '-o', 'json']);
    assert.deepEqual([(JSON.parse(stdout) as { revision: number }).revision, stderr], [2, '']);
  });

  test('a failure shows the last lines of the log, the reason, the line and the hint, and ends with 1', async (t) => {
    const rollout = { state: 'failed', revision: 2, reason: 'r', failure: null, log: ['loading', 'Traceback …'] };
    const { spell, plane } = await updating(t, rollout);
    const failure = { code: 'init-raised', message: 'm', hint: 'is the key right?', file: 'p.py', line: 6, class: 'P' };
    plane.answers['GET /events'] = says(
      event(11, 'rollout.failed', 'revision 2 failed: KeyError; revision 1 goes on answering', { revision: 2, failure }),
    );
    const { status, stdout, stderr } = await spell(update);
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(
      stderr,
      'revision 2 failed: KeyError; revision 1 goes on answering\n  loading\n  Traceback …\n' +
        'error: x: revision 2 failed: KeyError; revision 1 goes on answering (p.py:6)\nhint: is the key right?\n',
    );
    const json = await spell([...update, '-o', 'json']);
    assert.equal((JSON.parse(json.stderr) as { error: { code: string } }).error.code, 'rollout-failed');
  });

  test('Ctrl-C leaves the rollout going, says how to follow and undo it, and ends with 130', async (t) => {
    const { spell, plane } = await updating(t);
    const controller = new AbortController();
    plane.answers['GET /events'] = (asked: unknown, response: ServerResponse) => {
      says(event(11, 'rollout.started', 'rolling out'))(asked, response);
      controller.abort();
    };
    const { status, stdout, stderr } = await spell(update, { signal: controller.signal });
    assert.deepEqual([status, stdout], [130, '']);
    assert.match(
      stderr,
      /error: interrupted; the rollout of revision 2 goes on\nhint: follow it: spell events -f.*undo it: spell server rollback x\n$/,
    );
  });

  test('a control plane that is killed and comes back elsewhere loses nothing of the wait', async (t) => {
    const { spell, plane, home } = await updating(t);
    plane.answers['GET /events'] = async (asked: unknown, response: ServerResponse) => {
      says(event(11, 'rollout.started', 'rolling out'))(asked, response);
      const next = await fakeControlPlane(t, home, plane.answers);
      next.answers = {
        ...plane.answers,
        'GET /status': next.answers['GET /status'],
        'GET /events': says(event(12, 'rollout.succeeded', 'rolled out')),
      };
      plane.close();
    };
    assert.deepEqual(await spell(update), {
      status: 0,
      stdout: 'http://127.0.0.1:1/local/x/predict\n',
      stderr: 'rolling out\nrolled out\n',
    });
  });

  test('--detach does not wait; what changes nothing says so', async (t) => {
    const { spell, plane } = await updating(t);
    assert.equal((await spell([...update, '--detach'])).stdout, 'http://127.0.0.1:1/local/x/predict\n');
    plane.answers['PATCH /model-servers/local/x'] = { ...operation, operation: 'none/local/x', revision: null };
    assert.match((await spell(update)).stderr, /nothing had to change/);
    plane.answers['PATCH /model-servers/local/x'] = { ...operation, revision: null, modelServer: { ...modelServer, state: 'stopped' } };
    assert.match((await spell(update)).stderr, /x is stopped; .*spell server start x/);
  });

  test('stop waits until the pods are gone', async (t) => {
    const { spell, plane } = await updating(t);
    plane.answers['POST /model-servers/local/x/stop'] = { ...operation, operation: 'stop/local/x', revision: null };
    plane.answers['GET /events'] = says(event(11, 'pod.gone', 'pod a is gone'), event(12, 'server.stopped', 'stopped', {}));
    assert.deepEqual(await spell(['server', 'stop', 'x']), { status: 0, stdout: '', stderr: 'pod a is gone\nx is stopped\n' });
  });

  test('of several documents none is served when one of them is wrong', async (t) => {
    const { spell, plane, cwd } = await updating(t);
    await writeFile(join(cwd, 'p.py'), '');
    await writeFile(join(cwd, 'spell.yaml'), 'server-name: x\nentrypoint: p.py\n---\nserver-name: y\nentrypoint: q.py\n');
    const { status, stderr } = await spell(['server', 'serve']);
    assert.deepEqual([status, /q\.py/.test(stderr)], [2, true]);
    assert.deepEqual(plane.asked, []);
  });
});

describe('what events say of a rollout', () => {
  const read = (...events: SpellEvent[]): unknown => {
    const reader = new RolloutReader({ object: 'local/x', revision: 2 });
    return events.map((each) => reader.read(each)?.ended).find((ended) => ended !== undefined);
  };

  test('of another revision they say nothing', () => {
    assert.equal(read(event(1, 'rollout.succeeded', '', { revision: 1 }), event(2, 'rollout.failed', '', { revision: 3 })), undefined);
  });

  test('that another took its place, that it was stopped or removed: failed', () => {
    assert.equal(read(event(1, 'rollout.superseded', '')), 'failed');
    assert.equal(read(event(1, 'server.stopped', '', {})), 'failed');
    assert.equal(read(event(1, 'server.removed', '', {})), 'failed');
  });

  test('that the next rollout began after ours answered: done, since ours will not be heard of again', () => {
    assert.equal(read(event(1, 'rollout.started', '')), undefined);
    assert.equal(
      read(event(1, 'rollout.started', ''), event(2, 'rollout.switched', ''), event(3, 'rollout.started', '', { revision: 3 })),
      'done',
    );
  });
});
