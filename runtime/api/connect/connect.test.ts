import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { homeLayout } from '../home.ts';
import { isAlive } from '../processes.ts';
import { awaitReturn, connectTo, findOrStart } from './connect.ts';
import { controlPlaneEnvironment } from './environment.ts';
import { findControlPlane } from './find.ts';
import { startControlPlane } from './start.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spell-connect-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A program that behaves as spelld does towards its starter. */
async function program(name: string, code: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, `import { writeSync, writeFileSync } from 'node:fs';\n${code}`);
  return file;
}

/** An API that answers `GET /status` to whoever has the token, and its home. */
async function running(name: string): Promise<{ home: string; close: () => void }> {
  const home = join(folder, name);
  await mkdir(home);
  const server = createServer((request, response) => {
    const allowed = request.headers.authorization === 'Bearer good';
    response.writeHead(allowed ? 200 : 401).end(JSON.stringify(allowed ? { version: '1', home } : {}));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(homeLayout(home).spelldFile, JSON.stringify({ apiUrl }));
  await writeFile(homeLayout(home).tokenFile, 'good\n');
  return { home, close: () => server.close() };
}

const start = { node: process.execPath, env: process.env };

test('a control plane that answers is found, and not started again', async () => {
  const { home, close } = await running('found');
  const { client, status, started } = await findOrStart({ ...start, home, program: '/nowhere' });
  assert.deepEqual([status.version, started], ['1', false]);
  client.close();
  close();
});

test('a file that is stale, damaged, or names somebody else means that nothing runs', async () => {
  const { home, close } = await running('stale');
  await writeFile(homeLayout(home).tokenFile, 'bad');
  assert.equal(await findControlPlane(home), undefined);
  close();
  await writeFile(homeLayout(home).tokenFile, 'good');
  assert.equal(await findControlPlane(home), undefined);
  for (const text of ['', '{"apiUrl"', '{"apiUrl": 7}', '{"apiUrl": "nonsense"}']) {
    await writeFile(homeLayout(home).spelldFile, text);
    assert.equal(await findControlPlane(home), undefined);
  }
});

test('a start waits for the line, passes options and a small environment, and leaves the process running', async () => {
  const home = join(folder, 'started');
  const said = join(folder, 'said.json');
  const code = `
    writeFileSync(${JSON.stringify(said)}, JSON.stringify({ args: process.argv.slice(2), env: process.env, pid: process.pid, cwd: process.cwd() }));
    writeSync(3, '{"ready": {"version": "2"}}\\n');
    console.log('a line for the log');
    setInterval(() => {}, 1e6);`;
  const env = { PATH: process.env.PATH, MY_SECRET: 'x', https_proxy: 'http://proxy', PIP_INDEX_URL: 'http://index' };
  const status = await startControlPlane({ ...start, env, home, program: await program('spelld', code), args: ['--port', '1'] });
  assert.equal(status.version, '2');
  const seen = JSON.parse(await readFile(said, 'utf8')) as { args: string[]; env: Record<string, string>; pid: number; cwd: string };
  assert.deepEqual(seen.args, ['--port', '1']);
  assert.equal(seen.env.MY_SECRET, undefined);
  assert.deepEqual([seen.env.SPELL_HOME, seen.env.SPELL_PROCESS, seen.env.https_proxy], [home, 'spelld', 'http://proxy']);
  assert.ok(isAlive(seen.pid));
  process.kill(seen.pid, 'SIGKILL');
});

test("a start that fails tells the control plane's own error", async () => {
  const code = `writeSync(3, '{"error": {"code": "port-taken", "message": "port 80 is taken by nginx (7)", "hint": "choose another"}}\\n'); process.exit(1);`;
  const options = { ...start, home: join(folder, 'failed'), program: await program('failing', code) };
  await assert.rejects(startControlPlane(options), { code: 'port-taken', message: /nginx/, hint: 'choose another' });
});

test('a start that ends without a word shows the last lines of the log', async () => {
  const options = {
    ...start,
    home: join(folder, 'silent'),
    program: await program('silent', `console.error('it broke here'); process.exit(3);`),
  };
  await assert.rejects(startControlPlane(options), { code: 'start-failed', message: /it broke here/, hint: /spelld\.log/ });
});

test('no program: not-built; a home that cannot be made: home-unwritable, naming it', async () => {
  await assert.rejects(startControlPlane({ ...start, home: folder, program: '/nowhere' }), { code: 'not-built', hint: /npm run build/ });
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const options = { ...start, home: join(file, 'home'), program: await program('unused', '') };
  await assert.rejects(startControlPlane(options), { code: 'home-unwritable', message: /a-file/ });
});

test('what went away is waited for and never started; after the time it is not running', async () => {
  const { home, close } = await running('returning');
  (await awaitReturn(home, 1000)).close();
  close();
  await assert.rejects(awaitReturn(home, 0), { code: 'not-running' });
});

test('an address needs to be one, and a token', () => {
  assert.throws(() => connectTo('ftp://x', 't'), { code: 'usage', message: /SPELL_API_URL/ });
  assert.throws(() => connectTo('http://x', undefined), { code: 'usage', hint: /SPELL_TOKEN/ });
});

test('on Windows the variables without which no program starts are inherited', () => {
  const env = controlPlaneEnvironment({ SystemRoot: 'C:\\Windows', Path: 'C:\\bin', SECRET: 'x' }, 'C:\\home', 'win32');
  assert.deepEqual(Object.keys(env).sort(), ['Path', 'SPELL_HOME', 'SPELL_PROCESS', 'SystemRoot']);
});
