import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { controlGroupOf } from '../harness/control-groups.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { RealGateway } from '../harness/gateway.ts';
import { leakingPredictor } from '../harness/leaking-predictor.ts';
import { startLoad } from '../harness/load.ts';

interface Told {
  groups: string;
  threads: string | null;
  nice: number;
}

async function start(env: Record<string, string>, home?: string): Promise<RealGateway> {
  const gateway = await RealGateway.start({ env, ...(home !== undefined && { home }) });
  await gateway.revision(1, leakingPredictor, { 'ram-limit': 128 * 2 ** 20, 'start-wait': 60 });
  await gateway.revision(2, leakingPredictor);
  await gateway.revision(3, leakingPredictor, { 'cpu-limit': 0.2 });
  return gateway;
}

const restarts = (gateway: RealGateway, name: string, revision: number): number =>
  gateway.observe(name, revision)?.pods.reduce((sum, pod) => sum + pod.restarts, 0) ?? 0;

for (const by of ['cgroups', 'watching'] as const) {
  const env: Record<string, string> = by === 'watching' ? { SPELL_LIMITS: 'watch' } : {};
  describe(`limits, by ${by}`, () => {
    it('a predictor that leaks is ended and replaced, and costs only the request that it runs; its neighbour never notices', async (context) => {
      const gateway = await start(env);
      try {
        await gateway.apply('leaky', 1, { 1: 1 });
        await gateway.apply('steady', 2, { 2: 1 });
        await Promise.all([gateway.ready('leaky', 1), gateway.ready('steady', 2)]);
        if (gateway.observed?.limits?.by !== by) return context.skip(`here: ${gateway.observed?.limits?.why}`);
        const neighbour = startLoad(gateway.url('steady'), {}, 50);
        const asked: number[] = [];
        const client = async (): Promise<void> => {
          while (restarts(gateway, 'leaky', 1) < 2) asked.push((await predict(gateway.url('leaky'), { leak: 8 })).status);
        };
        await Promise.all([client(), client(), client(), client()]);
        const others = await neighbour.stop();
        await gateway.ready('leaky', 1);

        const lost = asked.filter((status) => status !== 200);
        assert.deepEqual(lost, Array(restarts(gateway, 'leaky', 1)).fill(500), `of ${asked.length} requests`);
        assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([200]));
        assert.equal(restarts(gateway, 'steady', 2), 0);
        const [incident] = gateway.observed?.servers.find(({ name }) => name === 'leaky')?.incidents ?? [];
        assert.equal(incident?.type, 'worker.out-of-memory');
        assert.match(incident?.message ?? '', /ran out of memory: its pod may use 128 MiB \(ram-limit\); 1 request was answered 500/);
        context.diagnostic(
          `${asked.length} requests to the one that leaks, ${lost.length} lost; ${others.length} to its neighbour, 0 lost`,
        );
      } finally {
        await gateway.close();
      }
    });
  });
}

it('CPU under control groups: the kernel stops a pod that wants more, and its libraries are told how many threads make sense', async (context) => {
  const gateway = await start({});
  try {
    await gateway.apply('busy', 3, { 3: 1 });
    await gateway.ready('busy', 3);
    if (gateway.observed?.limits?.by !== 'cgroups') return context.skip(`here: ${gateway.observed?.limits?.why}`);
    const told = (await predict(gateway.url('busy'), { compute: 0.2 })).json() as Told;
    assert.deepEqual([told.threads, told.nice], ['1', 0]);
    const stat = await readFile(join(controlGroupOf(told.groups, 'cpu'), 'cpu.stat'), 'utf8');
    assert.ok(Number(/^nr_throttled (\d+)$/m.exec(stat)?.[1]) > 0, stat);
  } finally {
    await gateway.close();
  }
});

it('CPU where nothing can hold it: a pod with a limit gives way to others', async () => {
  const gateway = await start({ SPELL_LIMITS: 'watch' });
  try {
    await gateway.apply('busy', 3, { 3: 1 });
    await gateway.apply('free', 2, { 2: 1 });
    await Promise.all([gateway.ready('busy', 3), gateway.ready('free', 2)]);
    const ask = async (name: string): Promise<Told> => (await predict(gateway.url(name), {})).json() as Told;
    const [busy, free] = [await ask('busy'), await ask('free')];
    assert.deepEqual([busy.threads, busy.nice, free.threads, free.nice], ['1', 10, null, 0]);
    assert.equal(gateway.observed?.limits?.why, 'SPELL_LIMITS=watch says so');
  } finally {
    await gateway.close();
  }
});

it('control groups: a pod takes its own with it; those of a gateway that was killed are removed by the next; none is left in the end', async (context) => {
  const first = await start({});
  await first.apply('busy', 1, { 1: 2 });
  await first.ready('busy', 1, 2);
  if (first.observed?.limits?.by !== 'cgroups') {
    await first.close();
    return context.skip(`here: ${first.observed?.limits?.why}`);
  }
  const told = (await predict(first.url('busy'), {})).json() as Told;
  const [memory, cpu] = [controlGroupOf(told.groups, 'memory'), controlGroupOf(told.groups, 'cpu')];
  const pods = async (): Promise<string[]> => {
    const entries = await readdir(dirname(memory), { withFileTypes: true }).catch(() => []);
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  };
  const observed = (): string[] =>
    first
      .observe('busy', 1)
      ?.pods.map(({ id }) => id)
      .sort() ?? [];
  assert.deepEqual(await pods(), observed());
  assert.ok(observed().includes(basename(memory)));
  await first.apply('busy', 1, { 1: 1 });
  await first.until(() => observed().length === 1);
  assert.deepEqual(await pods(), observed());

  process.kill(first.pid, 'SIGKILL');
  await first.exited();
  const second = await start({}, first.home);
  await eventually(async () => assert.deepEqual(await pods(), []), 10_000);
  await second.apply('busy', 1, { 1: 1 });
  await second.ready('busy', 1);
  assert.equal((await pods()).length, 1);
  await second.close();
  for (const folder of [dirname(memory), dirname(cpu)]) assert.equal(existsSync(folder), false, folder);
});
