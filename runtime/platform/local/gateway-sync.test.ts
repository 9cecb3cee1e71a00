import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { GatewayServer } from '../../serving/admin.ts';
import type { AdminClient } from './admin-client.ts';
import { GatewaySync } from './gateway-sync.ts';
import { Told } from './told.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spell-sync-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const key = { owner: 'local', name: 'a' };
const server = (serving: number | null): GatewayServer => ({ ...key, serving, stopped: false, revisions: [] });

/** A gateway that writes down what it is told, after an answer that the test gives. */
function fakeGateway(answer: () => Promise<void> = async () => {}): { admin: AdminClient; heard: (number | null | 'remove')[] } {
  const heard: (number | null | 'remove')[] = [];
  const admin = {
    put: async ({ serving }: GatewayServer) => {
      await answer();
      heard.push(serving);
    },
    remove: async () => {
      heard.push('remove');
    },
  };
  return { admin: admin as unknown as AdminClient, heard };
}

test('the same is told once to a gateway, and again to the next', async () => {
  const told = new Told(join(folder, 'once.json'));
  const sync = new GatewaySync(
    () => server(1),
    told,
    () => {},
  );
  await sync.push(key);
  const first = fakeGateway();
  sync.connect(first.admin);
  await sync.push(key);
  await sync.push(key);
  assert.deepEqual(first.heard, [1]);
  const second = fakeGateway();
  sync.connect(second.admin);
  await sync.push(key);
  assert.deepEqual(second.heard, [1]);
});

test('what changes while the gateway is being told is told next, in order, the newest only', async () => {
  const told = new Told(join(folder, 'order.json'));
  let serving = 1;
  const gate = Promise.withResolvers<void>();
  const { admin, heard } = fakeGateway(() => gate.promise);
  const sync = new GatewaySync(
    () => server(serving),
    told,
    () => {},
  );
  sync.connect(admin);
  const pushes = [sync.push(key)];
  for (serving = 2; serving < 5; serving++) pushes.push(sync.push(key));
  serving = 5;
  gate.resolve();
  await Promise.all(pushes);
  assert.deepEqual(heard.at(-1), 5);
  assert.ok(heard.length <= 2, `told ${heard.length} times`);
});

test('a gateway that fails is told again by itself; what was said before is on the disk, for its user only', async () => {
  const file = join(folder, 'fails.json');
  const told = new Told(file);
  let fails = true;
  const said: string[] = [];
  const taken = Promise.withResolvers<void>();
  const { admin, heard } = fakeGateway(async () => {
    const noted = JSON.parse(await readFile(file, 'utf8')) as GatewayServer[];
    assert.equal(noted[0]?.serving, 3);
    if (fails) throw new Error('gone');
    taken.resolve();
  });
  const sync = new GatewaySync(
    () => server(3),
    told,
    (line) => said.push(line),
    1,
  );
  sync.connect(admin);
  await sync.push(key);
  assert.match(said.join(), /could not be told of local\/a: gone/);
  fails = false;
  await taken.promise;
  await sync.push(key);
  assert.deepEqual(heard, [3]);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const next = new Told(file);
  await next.load();
  assert.equal(next.revisions.length, 0);
});

test('one that is not wanted is forgotten; one that is not ready to be told is left as it is', async () => {
  let wanted: GatewayServer | 'wait' | undefined = server(1);
  const { admin, heard } = fakeGateway();
  const sync = new GatewaySync(
    () => wanted,
    new Told(join(folder, 'forget.json')),
    () => {},
  );
  sync.connect(admin);
  await sync.push(key);
  wanted = 'wait';
  await sync.push(key);
  wanted = undefined;
  await sync.push(key);
  await sync.push(key);
  assert.deepEqual(heard, [1, 'remove']);
});
