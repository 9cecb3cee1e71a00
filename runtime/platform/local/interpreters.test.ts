import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Interpreters } from './interpreters.ts';
import { PreparationError } from './preparation-error.ts';

let folder: string;
const never = new AbortController().signal;

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'spell-interpreters-')));
  await mkdir(join(folder, 'bin'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A program that counts its runs and then does what an interpreter might do. */
async function fakePython(name: string, script: string): Promise<string> {
  const file = join(folder, 'bin', name);
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

const make = (path = process.env.PATH ?? ''): Interpreters =>
  new Interpreters({ file: join(folder, 'interpreters.json'), cwd: folder, env: { PATH: path } });

const failure = async (finding: Promise<unknown>): Promise<PreparationError['failure']> => {
  const error = await finding.then(
    () => assert.fail('it was found'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PreparationError, String(error));
  assert.ok(error.failure.final);
  assert.match(error.failure.hint ?? '', /--python/);
  return error.failure;
};

test('the interpreter on PATH says its version and its own path', async () => {
  const facts = await make().find(undefined, never);
  assert.equal(facts.version[0], 3);
  assert.ok(facts.executable.startsWith('/'));
  assert.ok(facts.sites.length > 0);
});

test('facts are remembered by the next control plane until the file changes, but never for a shim', async () => {
  const real = (await make().find(undefined, never)).executable;
  const shim = await fakePython('shim', `#!/bin/sh\necho run >> ${folder}/runs\nexec ${real} "$@"\n`);
  const shimmed = await make().find(shim, never);
  assert.equal(shimmed.executable, real);
  await make().find(shim, never);
  assert.equal(await readFile(join(folder, 'runs'), 'utf8'), 'run\nrun\n');

  // An interpreter that is known is not run: its file may be replaced by one that fails, as long as it looks the same.
  const known = await fakePython('known', 'not a program at all');
  const stamp = new Date(1_700_000_000_000);
  await utimes(known, stamp, stamp);
  const remembered = [[JSON.stringify([known, stamp.getTime(), 20, null]), { ...shimmed, executable: known }]];
  await writeFile(join(folder, 'interpreters.json'), JSON.stringify(remembered));
  assert.equal((await make().find(known, never)).executable, known);
  await utimes(known, stamp, new Date(1_700_000_001_000));
  assert.equal((await failure(make().find(known, never))).code, 'python-broken');
});

test('a missing interpreter, an empty PATH, one that fails and one that is no Python are told apart', async () => {
  const missing = await failure(make().find(join(folder, 'nowhere', 'python'), never));
  assert.equal(missing.code, 'python-not-found');
  assert.match(missing.message, /nowhere\/python/);
  assert.equal((await failure(make('').find(undefined, never))).code, 'python-not-found');
  const failing = await failure(make().find(await fakePython('failing', '#!/bin/sh\necho "no stdlib here" >&2\nexit 3\n'), never));
  assert.equal(failing.code, 'python-broken');
  assert.match(failing.message, /no stdlib here/);
  assert.equal((await failure(make().find(await fakePython('other', '#!/bin/sh\necho hello\n'), never))).code, 'python-broken');
  const folderAsPython = await failure(make().find(folder, never));
  assert.equal(folderAsPython.code, 'python-not-found');
});

test('a Python 3.8 is refused with its version', async () => {
  const facts = await make().find(undefined, never);
  const answer = JSON.stringify({ ...facts, version: [3, 8, 18] });
  const old = await failure(make().find(await fakePython('old', `#!/bin/sh\ncat <<'END'\n${answer}\nEND\n`), never));
  assert.equal(old.code, 'python-too-old');
  assert.match(old.message, /3\.8\.18, older than 3\.9/);
});
