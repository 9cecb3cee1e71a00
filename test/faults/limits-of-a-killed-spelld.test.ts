import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { ModelServer, Status } from '../../runtime/api/objects.ts';
import { controlGroupOf } from '../harness/control-groups.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome } from '../harness/home.ts';
import { leakingPredictor } from '../harness/leaking-predictor.ts';

interface Answer {
  pid: number;
  groups: string;
}

interface Pids {
  spelld: number;
  gateway: number;
}

for (const [by, env, how] of [
  ['control groups', {}, /held by the kernel/],
  ['watching', { SPELL_LIMITS: 'watch' }, /watched: .* SPELL_LIMITS=watch says so/s],
] as [string, Record<string, string>, RegExp][]) {
  test(`limits by ${by} hold for a pod whose spelld was killed, and for those that the next spelld starts; nothing is left of them`, async (t) => {
    const home = await makeHome();
    t.after(() => home.close());
    await mkdir(join(home.folder, 'project'));
    await writeFile(join(home.folder, 'project', 'predictor.py'), leakingPredictor);
    const serve = ['server', 'serve', '--name', 'leaky', '--ram-limit', '128', 'project/predictor.py'];
    const url = (await home.ok(serve, { env })).trim();
    const limits = async (): Promise<string> => ((await home.json<ModelServer>(['server', 'describe', 'leaky'])).limits ?? []).join('\n');
    const held = await limits();
    if (by === 'control groups' && !how.test(held)) return t.skip(`here: ${held}`);
    assert.match(held, how);

    // Read from the home: a command would start what it asks.
    const processes = async (): Promise<Pids> => {
      const { spelld, gateway } = (JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status).processes;
      assert.ok(gateway !== null);
      return { spelld, gateway };
    };
    const isBack = (killed: Pids, name: keyof Pids): Promise<void> =>
      eventually(async () => assert.notEqual((await processes())[name], killed[name]), 15_000);
    const answer = (): Promise<Answer> =>
      eventually(async () => {
        const { status, text, json } = await predict(url, {});
        assert.equal(status, 200, text);
        return json<Answer>();
      }, 30_000);
    /** Until its worker was ended for it, and another one answers in its pod. */
    const leak = async (): Promise<void> => {
      const { pid } = await answer();
      let last = 200;
      for (let asked = 0; last === 200 && asked < 32; asked++) last = (await predict(url, { leak: 8 })).status;
      assert.equal(last, 500);
      assert.notEqual((await answer()).pid, pid);
    };
    const told = async (times: number): Promise<void> => {
      const events = await eventually(async () => {
        const found = (await home.json<SpellEvent[]>(['events'])).filter(({ type }) => type === 'worker.out-of-memory');
        assert.equal(found.length, times);
        return found;
      }, 15_000);
      assert.match(events.at(-1)?.message ?? '', /ran out of memory: its pod may use 128 MiB \(ram-limit\); 1 request was answered 500/);
    };

    const first = await processes();
    process.kill(first.spelld, 'SIGKILL');
    await isBack(first, 'spelld');
    assert.equal((await processes()).gateway, first.gateway, 'the pods ran all the time');
    await leak();
    await told(1);

    // The spelld that its gateway started makes the next gateway keep limits, too.
    const second = await processes();
    process.kill(second.gateway, 'SIGKILL');
    await isBack(second, 'gateway');
    await leak();
    await told(2);
    assert.match(await limits(), how);

    const { groups } = await answer();
    const folders = by === 'watching' ? [] : ['memory', 'cpu'].map((controller) => controlGroupOf(groups, controller));
    for (const folder of folders) assert.ok(existsSync(folder), folder);
    await home.ok(['server', 'stop', 'leaky']);
    for (const folder of folders) assert.equal(existsSync(folder), false, folder);
    await home.ok(['down']);
    for (const folder of folders) assert.equal(existsSync(dirname(folder)), false, dirname(folder));
  });
}
