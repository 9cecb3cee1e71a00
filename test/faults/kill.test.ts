import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SpellEvent } from '../../runtime/api/events.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';
import { processesOfHome } from '../harness/processes.ts';

/** Starts a child of its own and one that it detaches, as careless predictors do. */
const predictor = `
import os, subprocess, sys
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        sleep = [sys.executable, "-c", "import threading; threading.Event().wait()"]
        subprocess.Popen(sleep)
        subprocess.Popen(sleep, start_new_session=True)

    def predict(self, payload):
        return {"pid": os.getpid()}
`;

interface Status {
  processes: { spelld: number; gateway: number };
  gatewayUrl: string;
  apiUrl: string;
}

describe('SIGKILL under load', () => {
  let home: TestHome;
  let url: string;
  let entrypoint: string;
  before(async () => {
    home = await makeHome();
    const project = join(home.folder, 'project');
    await mkdir(project);
    entrypoint = join(project, 'predictor.py');
    await writeFile(entrypoint, predictor);
    url = (await home.ok(['server', 'serve', '--name', 'steady', entrypoint])).trim();
  });
  after(() => home.close());

  /** What runs, read from the home and not through a command: a command would heal what it should only see. */
  const spelldFile = async (): Promise<Status> => JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;

  it('of spelld: serving never notices, and a new one is there by itself', async (t) => {
    const { processes } = await spelldFile();
    const load = startLoad(url, {}, 100);
    const killed = performance.now();
    process.kill(processes.spelld, 'SIGKILL');
    const healed = await eventually(async () => {
      const now = await spelldFile();
      assert.notEqual(now.processes.spelld, processes.spelld);
      assert.equal(now.processes.gateway, processes.gateway);
      return performance.now() - killed;
    }, 10_000);
    const samples = await load.stop();
    t.diagnostic(`back after ${Math.round(healed)} ms`);
    assert.deepEqual(new Set(samples.map((sample) => sample.status)), new Set([200]));
    assert.match(await home.ok(['server', 'list']), /^steady .* 1\/1 /m);
  });

  it('of the gateway: it is restarted with its pods, at the same address', async () => {
    const { processes, gatewayUrl } = await spelldFile();
    const load = startLoad(url, {}, 100);
    process.kill(processes.gateway, 'SIGKILL');
    await eventually(async () => assert.equal((await predict(url, {})).status, 200), 15_000);
    await load.stop();
    const now = await eventually(async () => {
      const status = await spelldFile();
      assert.notEqual(status.processes.gateway, processes.gateway);
      return status;
    }, 5_000);
    assert.equal(now.gatewayUrl, gatewayUrl);
    assert.equal(now.processes.spelld, processes.spelld);
  });

  it('of a worker: at most what it was running is lost, and it is replaced', async () => {
    const { pid } = (await predict(url, {})).json<{ pid: number }>();
    const load = startLoad(url, {}, 100);
    await eventually(() => assert.ok(load.samples.length >= 50), 10_000);
    process.kill(pid, 'SIGKILL');
    await eventually(() => {
      const pids = load.samples.filter(({ status }) => status === 200).map(({ body }) => (JSON.parse(body) as { pid: number }).pid);
      assert.ok(pids.some((one) => one !== pid));
    }, 15_000);
    const failed = (await load.stop()).filter(({ status }) => status !== 200);
    assert.ok(failed.length <= 1, JSON.stringify(failed));
    const told = (await home.json<SpellEvent[]>(['events'])).filter(({ type }) => type === 'worker.died');
    assert.equal(told.length, 1);
    assert.match(
      told[0]?.message ?? '',
      /^worker 0 of pod \S+ was ended by SIGKILL; (it had no request|no request failed|1 request was answered 500)/,
    );
  });

  it('of the command in the middle of an update: the rollout goes on without it', async () => {
    await writeFile(entrypoint, `${predictor}\n# changed\n`);
    const load = startLoad(url, {}, 100);
    const command = spawn(process.execPath, [spellStub, 'server', 'update', 'steady', '--entrypoint', entrypoint], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // The first line of progress says that the control plane has taken the update.
    await new Promise((resolve) => command.stderr.once('data', resolve));
    command.kill('SIGKILL');
    await eventually(async () => {
      const described = await home.json<{ revision: number; rollout: { state: string } }>(['server', 'describe', 'steady']);
      assert.deepEqual([described.revision, described.rollout.state], [2, 'complete']);
    }, 20_000);
    assert.deepEqual(new Set((await load.stop()).map((sample) => sample.status)), new Set([200]));
  });

  it('of everything at once, as a reboot does, also without socket files: `spell up` brings back what ran, at the same addresses', async () => {
    const { gatewayUrl, apiUrl } = await spelldFile();
    for (let left = await processesOfHome(home.home); left.length > 0; left = await processesOfHome(home.home)) {
      for (const { pid } of left) killIfThere(pid);
    }
    for await (const socket of glob('**/*.sock', { cwd: home.home })) await rm(join(home.home, socket));
    await home.ok(['up']);
    await eventually(async () => assert.equal((await predict(url, {})).status, 200), 20_000);
    const now = await spelldFile();
    assert.deepEqual([now.gatewayUrl, now.apiUrl], [gatewayUrl, apiUrl]);
    await eventually(async () => assert.match(await home.ok(['server', 'list']), /^steady .* 1\/1 /m), 20_000);
  });

  it('and then spell down leaves no process, no port and no socket file, also none that a predictor detached', async () => {
    const { gatewayUrl, apiUrl } = await spelldFile();
    assert.ok((await processesOfHome(home.home)).length >= 5);
    await home.ok(['down']);
    assert.deepEqual(await processesOfHome(home.home), []);
    for (const address of [gatewayUrl, apiUrl]) await assert.rejects(connect(new URL(address)), /ECONNREFUSED/);
    assert.ok(!existsSync(join(home.home, 'spelld.json')));
    assert.deepEqual(await Array.fromAsync(glob('**/*.sock', { cwd: home.home })), []);
  });
});

/** Kills a process that may have ended by itself meanwhile: a worker ends when its gateway does. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}

function connect({ hostname, port }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), hostname, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
