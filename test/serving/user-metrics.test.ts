import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Pod, Status } from '../../runtime/api/objects.ts';
import { root } from '../../scripts/root.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { exposedProblems, type ParsedMetrics } from '../harness/exposed-problems.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

const predictor = `
import os, signal, time
from spell.serving import BasePredictor, metrics


class Predictor(BasePredictor):
    def __init__(self):
        self.seen = metrics.prometheus.Counter("seen", "Items\\nseen", ["kind"])
        self.sizes = metrics.prometheus.Histogram("item_size", "Sizes", buckets=(1, 10))
        self.loaded = metrics.prometheus.Gauge("loaded_at", "When it was loaded")
        self.loaded.set(os.getpid())
        metrics.prometheus.Gauge("spell_own", "A name of ours").set(1)

    def predict(self, payload):
        if payload.get("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)  # so that one worker alone cannot answer what comes at once
        self.seen.labels(kind=payload["kind"]).inc()
        self.sizes.observe(payload["size"])
        metrics.send_metric("last size", payload["size"], tag="größe")
        metrics.send_metric("plain", payload["size"])
        return os.getpid()
`;

/** Reads a text of metrics by prometheus_client's own parser. */
const parse = `
import json, sys
sys.path.append(sys.argv[1])
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
names = [family.name for family in families]
assert len(names) == len(set(names)), "a family stands twice"
print(json.dumps({
    "types": {family.name: family.type for family in families},
    "samples": [{"name": s.name, "labels": s.labels, "value": s.value} for family in families for s in family.samples],
}))
`;

describe('metrics of the user’s own', () => {
  let home: TestHome;
  let url: string;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor);
    url = (await home.ok(['server', 'serve', '--name', 'measured', '--min-pods', '2', '--num-processes', '2', 'predictor.py'])).trim();
  });
  after(() => home.close());

  const scrape = async (): Promise<ParsedMetrics> => {
    const { metricsUrl } = await home.json<Status>(['status']);
    const text = await (await fetch(metricsUrl)).text();
    const running = promisify(execFile)('python3', ['-c', parse, join(root, 'dist', 'python', 'vendor')], { maxBuffer: 2 ** 24 });
    running.child.stdin?.end(text);
    return { ...(JSON.parse((await running).stdout) as Omit<ParsedMetrics, 'text'>), text };
  };
  const sum = ({ samples }: ParsedMetrics, name: string, labels: Record<string, string> = {}): number =>
    samples
      .filter((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .reduce((total, { value }) => total + value, 0);

  it('are summed over workers and pods exactly, in a text that Prometheus’ own parser reads', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => predict(url, { kind: index % 3 === 0 ? 'a "b"\n' : 'c', size: index % 20 })),
    );
    assert.ok(new Set(answers.map(({ text }) => text)).size > 1, 'several workers answered');
    const parsed = await scrape();
    assert.equal(sum(parsed, 'seen_total'), 60);
    assert.equal(sum(parsed, 'seen_total', { kind: 'a "b"\n', owner: 'local', server: 'measured' }), 20);
    assert.equal(sum(parsed, 'item_size_count'), 60);
    assert.equal(sum(parsed, 'item_size_bucket', { le: '1.0' }), 6);
    assert.equal(sum(parsed, 'item_size_sum'), 3 * 190);
    assert.deepEqual([parsed.types.seen, parsed.types.item_size, parsed.types.loaded_at], ['counter', 'histogram', 'gauge']);
    const pods = await home.json<Pod[]>(['server', 'status', 'measured']);
    const loaded = parsed.samples.filter(({ name }) => name === 'loaded_at');
    assert.deepEqual(
      loaded.map(({ labels }) => `${labels.pod}/${labels.worker}`).sort(),
      pods.flatMap(({ id }) => [`${id}/0`, `${id}/1`]).sort(),
    );
    assert.equal(sum(parsed, 'spell_requests_total', { server: 'measured', status: '200' }), 60);
    assert.equal(parsed.samples.filter(({ name, value }) => name === 'spell_pod_resident_memory_bytes' && value > 2 ** 20).length, 2);
    assert.ok(sum(parsed, 'spell_pod_cpu_seconds_total') > 0);
    assert.doesNotMatch(parsed.text, /^(python|process)_/m);
    assert.match(parsed.text, /# "spell_own" of local\/measured is left out: names that begin with spell_ are Spell’s own/);
  });

  it('send_metric: the last value of a pod wins, under its own name or in base16', async () => {
    const parsed = await scrape();
    const encoded = `spell:custom:${Buffer.from('last size').toString('hex').toUpperCase()}`;
    const sent = parsed.samples.filter(({ name }) => name === encoded);
    assert.ok(sent.length >= 1 && sent.length <= 2, 'one for each pod');
    assert.deepEqual([sent[0]?.labels.spell_metric_name, sent[0]?.labels.spell_tag], ['last size', 'größe']);
    await Promise.all(Array.from({ length: 40 }, () => predict(url, { kind: 'c', size: 7 })));
    assert.deepEqual(
      new Set((await scrape()).samples.filter(({ name }) => name === 'spell:custom:plain').map(({ value }) => value)),
      new Set([7]),
    );
  });

  it('the whole text keeps the rules of promtool check metrics', async () => {
    const parsed = await scrape();
    assert.deepEqual(exposedProblems(parsed), []);
    const bad = { name: 'Bad', labels: { le: '1' }, value: 1 };
    assert.ok(exposedProblems({ text: 'Bad{le="1"} 1\nBad{le="1"} 1\n', types: { Bad: 'counter' }, samples: [bad, bad] }).length >= 5);
  });

  it('what a worker counted stays when it dies', async () => {
    const before = sum(await scrape(), 'seen_total');
    await predict(url, { kind: 'c', size: 1, die: true });
    await eventually(async () => {
      const pods = await home.json<Pod[]>(['server', 'status', 'measured']);
      assert.ok(pods.every(({ state }) => state === 'ready'));
      assert.equal(
        pods.reduce((total, { restarts }) => total + restarts, 0),
        1,
      );
    }, 20_000);
    assert.equal(sum(await scrape(), 'seen_total'), before);
    await predict(url, { kind: 'c', size: 1 });
    assert.equal(sum(await scrape(), 'seen_total'), before + 1);
  });
});
