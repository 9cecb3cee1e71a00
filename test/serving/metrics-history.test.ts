import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { MetricsPoint } from '../../runtime/api/objects.ts';
import type { TrafficSummary } from '../../runtime/api/traffic.ts';
import { Connections } from '../harness/connections.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

const predictor = `
import time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        time.sleep(payload / 1000)
        if payload == 13:
            raise ValueError(payload)
`;

describe('what a model server did lately', () => {
  let home: TestHome;
  let sent = 0;
  let failed = 0;
  let updated = false;
  const all = (): Promise<MetricsPoint[]> => home.json<MetricsPoint[]>(['server', 'metrics', 'noted', '--range', '10m']);
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor);
    const url = (await home.ok(['server', 'serve', '--name', 'noted', '--min-pods', '3', '--num-processes', '2', 'predictor.py'])).trim();
    // The first look is what the first window is counted from.
    await eventually(async () => assert.notDeepEqual(await all(), []), 30_000);
    const connections = new Connections();
    const client = async (): Promise<void> => {
      while (sent < 2000 || !updated) {
        const payload = sent++ % 20;
        const { status } = await connections.post(url, payload);
        if (payload === 13) failed++;
        assert.equal(status, payload === 13 ? 500 : 200);
      }
    };
    // Pods end and others begin while they are asked: what each of them answered stays counted.
    const updating = home.ok(['server', 'update', 'noted', '--env', 'REVISION=2']).finally(() => {
      updated = true;
    });
    await Promise.all([updating, ...Array.from({ length: 12 }, client)]);
    connections.close();
  });
  after(() => home.close());

  const sum = (points: readonly MetricsPoint[], key: 'requests' | 'failed'): number =>
    points.reduce((total, point) => total + point[key], 0);

  it('counts what three pods of two workers answered exactly, also over a rollout, with the quantiles of the whole', async () => {
    await eventually(async () => assert.equal(sum(await all(), 'requests'), sent), 30_000);
    const points = await all();
    assert.equal(sum(points, 'failed'), failed);
    assert.deepEqual(
      points.flatMap(({ failures }) => Object.keys(failures)).filter((cause) => cause !== 'predictor-error'),
      [],
    );
    const [whole] = (await home.json<MetricsPoint[]>(['server', 'metrics', 'noted', '--range', '1h', '--step', '1h'])).slice(-1);
    const { traffic } = await home.json<{ traffic: TrafficSummary }>(['server', 'describe', 'noted']);
    for (const [key, total] of [
      ['p50Ms', traffic.stages.total?.p50Ms],
      ['p99Ms', traffic.stages.total?.p99Ms],
    ] as const) {
      assert.ok(Math.abs((whole?.[key] ?? 0) / (total ?? 1) - 1) < 0.02, `${key}: ${whole?.[key]} beside ${total}`);
    }
    const last = points.at(-1);
    assert.equal(last?.pods, 3);
    assert.ok((last?.memoryBytes ?? 0) > 2 ** 20);
    assert.ok(points.some(({ cpu }) => (cpu ?? 0) > 0));
  });

  it('is a table with bars for people, and CSV for programs', async () => {
    const table = await home.ok(['server', 'metrics', 'noted']);
    assert.match(table, /^UNTIL +REQUESTS\/S +FAILED +P50/);
    assert.match(table, /\d \(predictor-error \d+\)/);
    assert.match(table, /^requests\/s {2}[▁▂▃▄▅▆▇█]+$/m);
    await home.ok(['server', 'download-metrics', 'noted', 'noted.csv', '--range', '1h', '--step', '1h']);
    const [head = '', ...lines] = (await readFile(join(home.folder, 'noted.csv'), 'utf8')).trim().split('\n');
    assert.match(head, /^time,seconds,requests,requestsPerSecond,failed,p50Ms,/);
    assert.equal(
      lines.reduce((total, line) => total + Number(line.split(',')[2]), 0),
      sent,
    );
  });

  it('is followed step by step, each told once, until Ctrl-C', async () => {
    const args = ['server', 'metrics', 'noted', '-f', '-o', 'json', '--range', '1h', '--step', '5s'];
    const following = spawn(process.execPath, [spellStub, ...args], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(following, 'exit');
    const points: MetricsPoint[] = [];
    for await (const line of createInterface({ input: following.stdout })) {
      points.push(JSON.parse(line) as MetricsPoint);
      if (sum(points, 'requests') >= sent) following.kill('SIGINT');
    }
    assert.equal(sum(points, 'requests'), sent);
    const times = points.map(({ time }) => time);
    assert.deepEqual(times, [...new Set(times)].sort());
    assert.deepEqual(await ended, [130, null]);
  });

  it('what is no length of time is refused', async () => {
    const { status, stderr } = await home.spell(['server', 'metrics', 'noted', '--range', 'yesterday']);
    assert.equal(status, 2);
    assert.match(stderr, /--range: "yesterday" is no length of time/);
  });
});
