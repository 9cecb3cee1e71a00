import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findControlPlane } from '../../runtime/api/connect/find.ts';
import { startControlPlane } from '../../runtime/api/connect/start.ts';
import { homeLayout } from '../../runtime/api/home.ts';
import { root } from '../../scripts/root.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome } from '../harness/home.ts';
import { processesOfHome } from '../harness/processes.ts';

/** Two installations of Spell, as an editor keeps them while it updates an extension. */
async function installTwo(folder: string): Promise<{ old: string; updated: string }> {
  const places = { old: join(folder, 'spell-1.0'), updated: join(folder, 'spell-1.1') };
  for (const place of Object.values(places)) {
    await mkdir(place);
    await writeFile(join(place, 'package.json'), '{"type":"module"}');
    for (const part of ['spelld.js', 'gateway.js', 'chunks', 'python'])
      await cp(join(root, 'dist', part), join(place, part), { recursive: true });
  }
  return places;
}

test('a gateway that outlives an update starts the control plane of the update, and one that is left where that is gone', async (t: TestContext) => {
  const home = await makeHome();
  t.after(() => home.close());
  const { old, updated } = await installTwo(home.folder);
  const start = (place: string) =>
    startControlPlane({ home: home.home, program: join(place, 'spelld.js'), node: process.execPath, env: process.env });
  /** The process of the control plane that has found the gateway, and what it runs. */
  const running = () =>
    eventually(async () => {
      const { status } = (await findControlPlane(home.home)) ?? {};
      assert.ok(status?.gatewayUrl, 'the gateway is known');
      const process = (await processesOfHome(home.home)).find(({ pid }) => pid === status.processes.spelld);
      assert.ok(process);
      return { ...process, gateway: status.processes.gateway };
    }, 15_000);
  const killed = async (pid: number): Promise<Awaited<ReturnType<typeof running>>> => {
    process.kill(pid, 'SIGKILL');
    return eventually(async () => {
      const now = await running();
      assert.notEqual(now.pid, pid);
      return now;
    }, 15_000);
  };

  await start(old);
  const first = await running();
  assert.ok(first.command.includes(join(old, 'spelld.js')));
  const connection = await findControlPlane(home.home);
  await connection?.client.shutdown({ body: { keep: true } });
  await eventually(() => assert.throws(() => process.kill(first.pid, 0)), 10_000);
  await start(updated);
  const second = await running();
  assert.equal(second.gateway, first.gateway, 'the gateway of before');

  const third = await killed(second.pid);
  assert.ok(third.command.includes(join(updated, 'spelld.js')), third.command);

  await rename(updated, `${updated}.gone`);
  const fourth = await killed(third.pid);
  assert.ok(fourth.command.includes(join(old, 'spelld.js')), fourth.command);
  assert.match(
    await readFile(homeLayout(home.home).gatewayLog, 'utf8'),
    new RegExp(`no control plane watches: ${join(updated, 'spelld.js')} is gone, so ${join(old, 'spelld.js')} is started`),
  );
});
