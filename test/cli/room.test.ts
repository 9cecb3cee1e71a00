import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { ModelServer, Pod, Revision } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { type Ended, makeHome, spellStub, type TestHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';

// A model server whose pod asks for all of this machine: no two of its revisions have room beside each other, and nobody else has any.

const answering = (value: string, loading = ''): string => `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        ${loading || 'pass'}

    def predict(self, payload):
        return ${JSON.stringify(value)}
`;

describe('a machine without room', () => {
  let home: TestHome;
  let url: string;
  before(async () => {
    home = await makeHome();
    await mkdir(join(home.folder, 'project'));
    const serve = ['server', 'serve', '--name', 'whole', '--cpu-request', String(availableParallelism())];
    await code(answering('one'));
    url = (await home.ok([...serve, 'project/predictor.py'])).trim();
  });
  after(() => home.close());

  const code = (text: string): Promise<void> => writeFile(join(home.folder, 'project', 'predictor.py'), text);
  const update = (...more: string[]): Promise<Ended> =>
    home.spell(['server', 'update', 'whole', '--entrypoint', 'project/predictor.py', ...more]);
  const rollback = (...more: string[]): Promise<Ended> => home.spell(['server', 'rollback', 'whole', ...more]);
  const described = (): Promise<ModelServer> => home.json<ModelServer>(['server', 'describe', 'whole']);
  const answer = async (): Promise<string> => (await predict(url, {})).text;
  const is = async (expected: string, revision: number): Promise<void> => {
    assert.equal(await answer(), expected);
    const { state, revision: active, pods, rollout, podList } = await described();
    assert.deepEqual([state, active, pods, rollout?.state], ['running', revision, { ready: 1, total: 1 }, 'complete']);
    assert.deepEqual(podList.map((pod) => [pod.revision, pod.state]), [[revision, 'ready']]); // biome-ignore format: one line
  };

  it('an update fails at once without --recreate, and no request; with it the old pod goes first, and then the new one is started', async () => {
    await code(answering('two'));
    const load = startLoad(url, {}, 50);
    const refused = await update();
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /revision 2 has no room beside revision 1: each pod needs .* CPUs? \(cpu-request\), and of .* 0 CPUs are free/,
    );
    assert.match(refused.stderr, /end the old one first, with a gap: spell server update whole … --recreate/);
    assert.deepEqual(new Set((await load.stop()).map(({ status, body }) => `${status} ${body}`)), new Set(['200 one']));

    const during = startLoad(url, {}, 50);
    const ended = await update('--recreate');
    assert.equal(ended.status, 0, ended.stderr);
    await is('two', 3);
    // What comes into the gap is refused or waits; nothing breaks off, and what the old pod had begun it ended.
    const seen = new Set((await during.stop()).map(({ status, body }) => (status === 200 ? body : status)));
    for (const one of seen) assert.ok(one === 'one' || one === 'two' || one === 503, String(one));
  });

  it('a rollback is the same: it says so, and does so', async () => {
    const refused = await rollback();
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /revision 1 has no room beside revision 3: /);
    assert.match(refused.stderr, /spell server rollback whole --to 1 --recreate/);
    assert.equal(await answer(), 'two');
    const ended = await rollback('--to', '1', '--recreate');
    assert.equal(ended.status, 0, ended.stderr);
    await is('one', 1);
  });

  it('a pod of another one waits: every verb says for what, and none waits for its lines', async () => {
    await home.ok(['server', 'serve', '--name', 'late', '--cpu-request', '1', '--detach', 'project/predictor.py']);
    const [waiting] = await eventually(async () => {
      const pods = await home.json<Pod[]>(['server', 'status', 'late']);
      assert.equal(pods.length, 1);
      return pods;
    }, 20_000);
    assert.deepEqual([waiting?.id, waiting?.state], ['late-1-waiting-1', 'unschedulable']);
    assert.match(await home.ok(['server', 'status', 'late']), /^late-1-waiting-1 .* - \(unschedulable\)$/m);
    const reason = /each pod needs 1 CPU \(cpu-request\), and of .* 0 CPUs are free/;
    const described = await home.ok(['server', 'describe', 'late']);
    assert.match(described, new RegExp(`^Reason +1 pod is unschedulable: ${reason.source}$`, 'm'));
    assert.match(described, new RegExp(`late-1-waiting-1 +revision 1 +unschedulable .*${reason.source}$`, 'm'));
    for (const more of [[], ['-f']]) {
      const { status, stdout, stderr } = await home.spell(['server', 'logs', 'late', '-p', 'late-1-waiting-1', ...more]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, new RegExp(`the pod late-1-waiting-1 has printed nothing yet: it waits for room, because ${reason.source}`));
      assert.match(stderr, /spell server logs late -f/);
      const unknown = await home.spell(['server', 'logs', 'late', '-p', 'late-1-waiting-2', ...more]);
      assert.equal(unknown.status, 3);
      assert.match(unknown.stderr, /late has no pod "late-1-waiting-2"/);
    }
    const silent = await home.spell(['server', 'logs', 'late']);
    assert.deepEqual([silent.status, silent.stdout], [0, '']);
    const nothing = `late has printed nothing yet: 1 pod is unschedulable: ${reason.source}; `;
    assert.match(silent.stderr, new RegExp(`^${nothing}follow it: spell server logs late -f\n$`));
  });

  it('who follows the log of one that waits hears why, and sees its lines once there is room', async () => {
    const following = spawn(process.execPath, [spellStub, 'server', 'logs', 'late', '-f'], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      const [said] = (await once(createInterface(following.stderr), 'line')) as [string];
      assert.match(said, /^late has printed nothing yet: 1 pod is unschedulable: .*; what it prints comes here$/);
      const seen = createInterface(following.stdout)[Symbol.asyncIterator]();
      await home.ok(['server', 'stop', 'whole']);
      assert.match((await seen.next()).value ?? '', /^late-1-\w+ +created$/);
    } finally {
      following.kill();
    }
    await home.ok(['server', 'rm', 'late', '--force']);
    await home.ok(['server', 'start', 'whole']);
  });

  it('what fails without the old one lets that start again', async () => {
    await code(answering('three', 'raise ValueError("no weights")'));
    const failed = await update('--recreate');
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /no weights/);
    await eventually(async () => assert.equal(await answer(), 'one'), 30_000);
    const { revision, rollout } = await described();
    assert.deepEqual([revision, rollout?.state], [1, 'failed']);
    assert.match(rollout?.reason ?? '', /no weights/);
    const [newest] = await home.json<Revision[]>(['server', 'revisions', 'whole']);
    assert.equal(newest?.state, 'failed');
  });
});
