import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, type TestContext, test } from 'node:test';
import { build } from 'esbuild';
import { findControlPlane } from '../../api/connect/find.ts';
import type { ErrorBody } from '../../api/errors.ts';
import type { Client } from '../../api/http/client-types.ts';
import { digestOf } from '../../api/manifest.ts';
import type { Status } from '../../api/objects.ts';
import { makeFolder } from '../testing/test-control.ts';

/** Bundled once, as the product's is: a start from source spends most of its time on reading the source. */
let bundle: string;
let program: string;
before(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'spell-fake-spelld-'));
  program = join(bundle, 'fake-spelld.mjs');
  const entry = join(import.meta.dirname, '..', 'testing', 'fake-spelld.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', target: 'node22.16', outfile: program });
});
after(() => rm(bundle, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  /** The line that the starter got. */
  said: { ready: Status } | ErrorBody;
  /** Resolves with the exit status, or the signal. */
  ended: Promise<number | string>;
}

/** Starts a real control plane process over a fake platform, and waits for its line. */
async function start(t: TestContext, home: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: { PATH: process.env.PATH, SPELL_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  t.after(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const line = await text(child.stdio[3] as NodeJS.ReadableStream);
  return { child, said: JSON.parse(line) as Started['said'], ended };
}

function ready({ said }: Started): Status {
  assert.ok('ready' in said, JSON.stringify(said));
  return said.ready;
}

function refused({ said }: Started): ErrorBody['error'] {
  assert.ok('error' in said, JSON.stringify(said));
  return said.error;
}

async function clientOf(t: TestContext, home: string): Promise<Client> {
  const found = await findControlPlane(home);
  assert.ok(found);
  t.after(() => found.client.close());
  return found.client;
}

async function upload(client: Client, name: string): Promise<void> {
  const body = Buffer.from(name);
  await client.putContent({ digest: digestOf(body), body: Readable.from([body]), size: body.length });
  await client.createUpload({ body: { name, files: [{ path: 'a', size: body.length, digest: digestOf(body) }] } });
}

test('two starters share one control plane, and its addresses survive a restart', async (t) => {
  const home = await makeFolder(t);
  const [first, second] = await Promise.all([start(t, home), start(t, home)]);
  assert.equal(ready(first).processes.spelld, ready(second).processes.spelld);
  assert.equal(ready(first).apiUrl, ready(second).apiUrl);
  const [winner, loser] = first.child.pid === ready(first).processes.spelld ? [first, second] : [second, first];
  assert.equal(await loser.ended, 0);
  winner.child.kill('SIGTERM');
  assert.equal(await winner.ended, 0);
  assert.equal(existsSync(join(home, 'spelld.json')), false, 'nobody is to look for it there any more');
  const again = await start(t, home);
  assert.equal(ready(again).apiUrl, ready(first).apiUrl);
  assert.equal(ready(again).gatewayUrl, 'http://127.0.0.1:8000', 'an address that is known is part of being ready');
});

test('what was acknowledged survives SIGKILL, and the next control plane takes the place at once', async (t) => {
  const home = await makeFolder(t);
  const first = await start(t, home);
  const client = await clientOf(t, home);
  for (let number = 0; number < 20; number++) await upload(client, `upload-${number}`);
  const late = Promise.allSettled(Array.from({ length: 10 }, (_, number) => upload(client, `late-${number}`)));
  first.child.kill('SIGKILL');
  assert.equal(await first.ended, 'SIGKILL');
  await late;
  const second = await start(t, home);
  assert.notEqual(ready(second).processes.spelld, first.child.pid);
  const names = (await (await clientOf(t, home)).listResources()).map(({ path }) => path);
  for (let number = 0; number < 20; number++) assert.ok(names.includes(`uploads/upload-${number}`));
});

test('only its user can read the token and the status', { skip: process.platform === 'win32' }, async (t) => {
  const home = join(await makeFolder(t), 'new');
  const status = ready(await start(t, home));
  for (const file of ['token', 'spelld.json', 'state.db']) assert.equal(statSync(join(home, file)).mode & 0o077, 0, file);
  const { disk: _, processes: __, gatewayUrl: ___, ...written } = JSON.parse(readFileSync(join(home, 'spelld.json'), 'utf8')) as Status;
  assert.equal(written.apiUrl, status.apiUrl);
});

test('a shutdown that was asked for ends the process and leaves nothing to find', async (t) => {
  const home = await makeFolder(t);
  const running = await start(t, home);
  const client = await clientOf(t, home);
  const types: string[] = [];
  // Only once the stream stands: a control plane that has ended has nothing to tell.
  for await (const event of client.events({ query: { since: '0' } })) {
    if (types.push(event.type) === 1) await client.shutdown({ body: {} });
  }
  assert.ok(types.includes('spelld.stopping'), 'who follows is told, and the stream ends');
  assert.equal(await running.ended, 0);
  assert.equal(await findControlPlane(home), undefined);
});

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test('a port that is taken is an error that names its holder, asked for or remembered', async (t) => {
  const home = await makeFolder(t);
  const first = await start(t, home);
  const { port } = new URL(ready(first).apiUrl);
  first.child.kill('SIGTERM');
  await first.ended;
  const holder = createServer();
  t.after(() => holder.close());
  await new Promise<void>((resolve) => holder.listen(Number(port), '127.0.0.1', resolve));
  for (const args of [[], ['--api-port', port]]) {
    const started = await start(t, home, ...args);
    const error = refused(started);
    assert.equal(error.code, 'port-taken');
    assert.match(error.message, new RegExp(`port ${port} is taken`));
    if (process.platform === 'linux') assert.match(error.message, new RegExp(`by process ${process.pid} `));
    assert.equal(await started.ended, 1);
  }
  assert.ok('ready' in (await start(t, home, '--api-port', String(await freePort()))).said);
});

test('a platform that cannot listen where somebody wants it is told to the starter, and nothing goes on', async (t) => {
  const home = await makeFolder(t);
  const started = await start(t, home, '--port', '1');
  assert.equal(refused(started).code, 'port-taken');
  assert.equal(await started.ended, 1);
  assert.equal(existsSync(join(home, 'spelld.json')), false);
  assert.ok('ready' in (await start(t, home)).said, 'what did not work is not remembered');
});

test('a damaged state is kept aside and said in the status, the events and the log', async (t) => {
  const home = await makeFolder(t);
  const first = await start(t, home);
  first.child.kill('SIGTERM');
  await first.ended;
  writeFileSync(join(home, 'state.db'), 'damaged '.repeat(1000));
  const status = ready(await start(t, home));
  assert.match(status.notices?.join() ?? '', /the state was damaged .* kept as .*state\.db\.corrupt-/);
  const client = await clientOf(t, home);
  const events = await Array.fromAsync(client.events({ query: { since: '0', follow: 'false' } }));
  assert.ok(events.some(({ type }) => type === 'store.recovered'));
});

test('a home that cannot be, and options that cannot be, are refused with what to do', async (t) => {
  const folder = await makeFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const inFile = refused(await start(t, join(folder, 'file', 'home')));
  assert.equal(inFile.code, 'home-unwritable');
  assert.match(inFile.hint ?? '', /SPELL_HOME/);
  mkdirSync(join(folder, 'home'));
  for (const args of [['--port', 'x'], ['--api-port', '70000'], ['--what']])
    assert.equal(refused(await start(t, join(folder, 'home'), ...args)).code, 'usage');
});
