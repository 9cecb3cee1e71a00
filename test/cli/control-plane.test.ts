import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import type { ModelServer, Status } from '../../runtime/api/objects.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';
import { processesOfHome } from '../harness/processes.ts';

/** A predictor whose start ends only when a file appears. */
const waiting = (file: string): string => `
import pathlib, threading

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        while not pathlib.Path(${JSON.stringify(file)}).exists():
            threading.Event().wait(0.02)

    def predict(self, payload):
        return payload
`;

/** The command, running: its first progress was heard. */
async function started(
  home: TestHome,
  args: string[],
): Promise<{ kill(signal: NodeJS.Signals): void; ended: Promise<{ status: number | null; stdout: string; stderr: string }> }> {
  const child = spawn(process.execPath, [spellStub, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, SPELL_HOME: home.home },
    cwd: home.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = new Promise((resolve) => child.stderr.once('data', resolve));
  const status = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = Promise.all([status, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    status: code,
    stdout,
    stderr,
  }));
  await heard;
  return { kill: (signal) => child.kill(signal), ended };
}

/** A home that ends with its test, however that ends. */
async function homeFor(t: TestContext): Promise<TestHome> {
  const home = await makeHome();
  t.after(() => home.close());
  return home;
}

async function homeWithSlowPredictor(t: TestContext): Promise<{ home: TestHome; go(): Promise<void> }> {
  const home = await homeFor(t);
  const file = join(home.folder, 'go');
  await mkdir(join(home.folder, 'project'));
  await writeFile(join(home.folder, 'project', 'predictor.py'), waiting(file));
  return { home, go: () => writeFile(file, '') };
}

const serveSlow = ['server', 'serve', '--name', 'slow', 'project/predictor.py'];

describe('the command and its control plane', () => {
  it('many commands at once in a new home share one control plane', async (t) => {
    const home = await homeFor(t);
    await Promise.all(Array.from({ length: 4 }, () => home.ok(['server', 'list'])));
    // Those that came second say whom they found, and end.
    await eventually(async () => {
      const programs = (await processesOfHome(home.home)).filter(({ command }) => /spelld/.test(command));
      assert.equal(programs.length, 1, JSON.stringify(programs));
      assert.equal(programs[0]?.pid, (await home.json<Status>(['status'])).processes.spelld);
    }, 5_000);
  });

  it('status, events and down start nothing', async (t) => {
    const home = await homeFor(t);
    assert.equal((await home.spell(['status'])).status, 1);
    assert.equal((await home.spell(['events'])).status, 1);
    assert.equal((await home.spell(['down'])).status, 0);
    assert.ok(!existsSync(home.home));
  });

  it('addresses survive down and up; what runs cannot be moved', async (t) => {
    const home = await homeFor(t);
    const first = await home.json<Status>(['up']);
    const again = await home.spell(['up', '--port', '1']);
    assert.deepEqual([again.status, /spell down/.test(again.stderr)], [1, true]);
    await home.ok(['down']);
    const second = await home.json<Status>(['up']);
    assert.deepEqual([second.apiUrl, second.gatewayUrl], [first.apiUrl, first.gatewayUrl]);
    assert.notEqual(second.processes.spelld, first.processes.spelld);
  });

  it('the access log is written from when it was asked for until it is taken back', async (t) => {
    const home = await homeFor(t);
    const file = join(home.home, 'logs', 'access.log');
    const up = await home.json<Status>(['up', '--access-log']);
    assert.equal(up.accessLog, file);
    await fetch(`${up.gatewayUrl}/local/nobody/health`);
    await home.ok(['down']);
    assert.equal(JSON.parse(await readFile(file, 'utf8')).path, '/local/nobody/health');
    assert.equal((await home.json<Status>(['up'])).accessLog, file);
    await home.ok(['down']);
    assert.equal((await home.json<Status>(['up', '--no-access-log'])).accessLog, undefined);
  });

  it('SPELL_API_URL with SPELL_TOKEN names another one, and nothing of ours is started', async (t) => {
    const [there, here] = [await homeFor(t), await homeFor(t)];
    const { apiUrl } = await there.json<Status>(['up']);
    const token = (await readFile(join(there.home, 'token'), 'utf8')).trim();
    const env = { SPELL_API_URL: apiUrl, SPELL_TOKEN: token };
    assert.equal((await here.json<Status>(['status'], { env })).home, there.home);
    assert.deepEqual(await here.json(['server', 'list', '--context', new URL(apiUrl).host], { env }), []);
    const wrong = await here.spell(['server', 'list'], { env: { ...env, SPELL_TOKEN: 'guessed' } });
    assert.deepEqual([wrong.status, /token/.test(wrong.stderr)], [1, true]);
    assert.ok(!existsSync(here.home));
  });

  it('Ctrl-C while it waits leaves the rollout going, and says how to follow and undo it: 130', async (t) => {
    const { home, go } = await homeWithSlowPredictor(t);
    const serve = await started(home, serveSlow);
    serve.kill('SIGINT');
    const { status, stdout, stderr } = await serve.ended;
    assert.deepEqual([status, stdout], [130, '']);
    assert.match(stderr, /hint: follow it: spell events -f.*undo it: spell server stop slow/);
    await go();
    await eventually(async () => {
      assert.equal((await home.json<ModelServer>(['server', 'describe', 'slow'])).state, 'running');
    }, 20_000);
  });

  it('a control plane that is killed while a command waits costs the command nothing', async (t) => {
    const { home, go } = await homeWithSlowPredictor(t);
    const serve = await started(home, serveSlow);
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    process.kill(processes.spelld, 'SIGKILL');
    await go();
    const { status, stdout, stderr } = await serve.ended;
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\/local\/slow\/predict\n$/);
  });

  it('a follower of the logs sees what is printed while it follows, and ends with 130', async (t) => {
    const { home, go } = await homeWithSlowPredictor(t);
    await go();
    await home.ok(serveSlow);
    const child = spawn(process.execPath, [spellStub, 'server', 'logs', 'slow', '-f', '-o', 'json'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    child.stdout.on('data', (piece) => {
      seen += piece;
    });
    await eventually(() => assert.match(seen, /"text":"ready"/), 10_000);
    await home.ok(['server', 'update', 'slow', '--min-pods', '2']);
    await eventually(
      () =>
        assert.ok(
          seen
            .trim()
            .split('\n')
            .some((line) => (JSON.parse(line) as { pod: string }).pod.startsWith('slow-2')),
        ),
      10_000,
    );
    child.kill('SIGINT');
    assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 130);
  });
});
