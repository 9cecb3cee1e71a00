import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { MetricsPoint } from '../../runtime/api/objects.ts';
import type { UserSeries } from '../../runtime/api/user-metrics.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

const predictor = `
import os
from spell.serving import BasePredictor, metrics


class Predictor(BasePredictor):
    def predict(self, payload):
        if payload["size"] == 0:
            many = metrics.prometheus.Gauge("many", "More than anybody reads", ["id"])
            for id in range(60):
                many.labels(id=id).set(id)
            return 0
        if not hasattr(self, "seen"):
            self.seen = metrics.prometheus.Counter("seen", "Items seen", ["kind"])
            self.sizes = metrics.prometheus.Histogram("item_size", "Sizes", buckets=(1, 10))
            metrics.prometheus.Gauge("process", "Which it is").set(os.getpid())
        self.seen.labels(kind=payload["kind"]).inc()
        self.sizes.observe(payload["size"])
        metrics.send_metric("last size", payload["size"], tag="größe")
        return os.getpid()
`;

const encoded = `spell:custom:${Buffer.from('last size').toString('hex').toUpperCase()}`;

describe('what a predictor measures itself, over time', () => {
  let home: TestHome;
  let url: string;
  const points = (...options: string[]): Promise<MetricsPoint[]> =>
    home.json<MetricsPoint[]>(['server', 'metrics', 'measured', '--range', '10m', ...options]);
  const all = async (name: string, ...options: string[]): Promise<UserSeries[]> =>
    (await points(...options)).flatMap(({ userMetrics }) => userMetrics.filter((series) => series.name === name));
  const sum = (series: readonly UserSeries[]): number => series.reduce((total, { value }) => total + value, 0);
  const processes = new Set<number>();

  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor);
    url = (await home.ok(['server', 'serve', '--name', 'measured', '--min-pods', '2', '--num-processes', '2', 'predictor.py'])).trim();
    // The first look is what the first window is counted from.
    await eventually(async () => assert.notDeepEqual(await points(), []), 30_000);
    assert.deepEqual(
      (await points()).flatMap(({ userMetrics }) => userMetrics),
      [],
    );
  });
  after(() => home.close());

  it('has the counts of two pods of two workers exactly, and the value that was sent last', async () => {
    for (let round = 0; round < 3; round++) {
      const bodies = Array.from({ length: 20 }, (_, index) => ({ kind: index % 4 === 0 ? 'a "b", c' : 'c', size: index + 1 }));
      for (const { text } of await Promise.all(bodies.map((body) => predict(url, body)))) processes.add(Number(text));
    }
    processes.add(Number((await predict(url, { kind: 'c', size: 42 })).text));
    assert.ok(processes.size > 1, 'several workers answered');
    await eventually(async () => assert.equal(sum(await all('seen_total')), 61), 30_000);
    assert.equal(sum((await all('seen_total')).filter(({ labels }) => labels.kind === 'a "b", c')), 15);
    assert.equal(sum(await all('item_size_count')), 61);
    assert.equal(sum(await all('item_size_sum')), 3 * 210 + 42);
    assert.deepEqual(await all('item_size_bucket'), []);
    const sent = (await all(encoded)).at(-1);
    assert.deepEqual(sent, { name: encoded, labels: { spell_metric_name: 'last size', spell_tag: 'größe' }, type: 'gauge', value: 42 });
    const mean = [...processes].reduce((total, pid) => total + pid, 0) / processes.size;
    assert.deepEqual((await all('process')).at(-1), { name: 'process', labels: {}, type: 'gauge', value: mean });
  });

  it('is joined over longer steps', async () => {
    const whole = await all('seen_total', '--step', '1h');
    assert.equal(sum(whole), 61);
    assert.ok(whole.length <= 4, 'an hour is one point, or two where one begins');
  });

  it('stands in the table with bars, and as columns of the CSV', async () => {
    const table = await home.ok(['server', 'metrics', 'measured']);
    assert.match(table, /^METRIC +VALUE +OVER TIME$/m);
    assert.match(table, /^seen_total\{kind="c"\} +\+46 +[ ▁▂▃▄▅▆▇█]+$/m);
    assert.match(table, /^last size \(größe\) +42 +[ ▁▂▃▄▅▆▇█]+$/m);
    const [head = '', ...lines] = (await home.ok(['server', 'download-metrics', 'measured', '--range', '1h', '--step', '1h']))
      .trim()
      .split('\n');
    assert.ok(head.includes(',"seen_total{kind=""a \\""b\\"", c""}"'), head);
    assert.ok(head.includes(`,"${encoded}{spell_metric_name=""last size"",spell_tag=""größe""}"`), head);
    const columns = head.slice(0, head.indexOf(',"')).split(',').length;
    assert.equal(lines.length > 0 && lines.every((line) => line.split(',').length > columns), true);
  });

  it('stands behind each step that is followed where no terminal is', async () => {
    const following = spawn(process.execPath, [spellStub, 'server', 'metrics', 'measured', '-f', '--range', '1h', '--step', '5s'], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = 0;
    let last = '';
    for await (const line of createInterface({ input: following.stdout })) {
      assert.match(line, /^\d\d:\d\d:\d\d /);
      const [, grown] = / {2}seen_total\{kind="c"\}=\+(\d+)(?: {2}|$)/.exec(line) ?? [];
      [, last = last] = / {2}last size \(größe\)=(\d+)(?: {2}|$)/.exec(line) ?? [];
      seen += Number(grown ?? 0);
      if (seen >= 46 && last === '42') following.kill('SIGINT');
    }
    assert.equal(seen, 46);
  });

  it('of too many the first are kept, and how many are not is said', async () => {
    await predict(url, { kind: 'c', size: 0 });
    await eventually(async () => assert.ok(((await points()).at(-1)?.userMetricsLeftOut ?? 0) > 0), 30_000);
    const { userMetrics = [], userMetricsLeftOut } = (await points('--step', '5s')).at(-1) ?? {};
    assert.equal(userMetrics.length, 50);
    assert.ok(userMetrics.some(({ name }) => name === 'seen_total'));
    const { stderr } = await home.spell(['server', 'metrics', 'measured']);
    assert.match(stderr, new RegExp(`${userMetricsLeftOut} more of its own metrics are not kept`));
  });
});
