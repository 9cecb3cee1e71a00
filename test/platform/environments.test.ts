import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findProcesses } from '../../runtime/api/processes.ts';
import { withDefaults } from '../../runtime/api/settings.ts';
import { Environments } from '../../runtime/platform/local/environments/environments.ts';
import type { Recipe } from '../../runtime/platform/local/environments/recipe.ts';
import { requirementsOf } from '../../runtime/platform/local/environments/requirements.ts';
import type { RevisionKey } from '../../runtime/platform/local/environments/uses.ts';
import { virtualEnvironment } from '../../runtime/platform/local/environments/virtual-environment.ts';
import type { InterpreterFacts } from '../../runtime/platform/local/interpreter-probe.ts';
import { Interpreters } from '../../runtime/platform/local/interpreters.ts';
import { PreparationError } from '../../runtime/platform/local/preparation-error.ts';
import { developmentPython } from '../../scripts/testing/development-python.ts';
import { eventually } from '../harness/eventually.ts';
import { makeWheel } from '../harness/wheel.ts';

// Real interpreters and real installers; what they install lies in a folder here, so no network is needed.

const pipWheel = fileURLToPath(new URL('../../dist/python/pip.whl', import.meta.url));
const wanted = { signal: new AbortController().signal, onProgress: () => {} };

/** Whom they are made for. */
const user: RevisionKey = { owner: 'local', name: 'digits', revision: 1 };

let home: string;
let wheels: string;
let python: InterpreterFacts;
/** As `Environments` gets it: without `uv`, wherever this machine may have one. */
let env: Record<string, string>;
/** The same `PATH`, with `uv`. */
let withUv: string;

before(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'spell-environments-')));
  env = { PATH: '/usr/bin:/bin', HOME: home, SPELL_HOME: home };
  wheels = join(home, 'wheels');
  await mkdir(wheels);
  await mkdir(join(home, 'uv-only'));
  await symlink(join(dirname(developmentPython()), 'uv'), join(home, 'uv-only', 'uv'));
  withUv = `${join(home, 'uv-only')}:${env.PATH}`;
  python = await interpreters(process.env.PATH ?? '').find(undefined, wanted.signal);
  for (const version of ['1.0', '2.0']) makeWheel(wheels, 'shared_thing', version);
});
after(async () => {
  assert.deepEqual(await findProcesses(home), []);
  await rm(home, { recursive: true, force: true });
});

function interpreters(path = ''): Interpreters {
  return new Interpreters({ file: join(home, 'interpreters.json'), cwd: home, env: { ...env, PATH: path } });
}

const make = (folder: string, path = env.PATH): Environments =>
  new Environments({ root: join(home, folder), logs: join(home, 'logs'), env: { ...env, PATH: path ?? '' } });

function request(
  lines: string[],
  over: InterpreterFacts = python,
  pip: string[] = [],
  code = { digest: 'sha256:0', folder: home },
): Recipe {
  const offline = ['--no-index', `--find-links ${wheels}`];
  const settings = withDefaults({ 'pip-req': { file: 'requirements.txt', lines: [...offline, ...lines] }, pip });
  const requirements = requirementsOf(settings);
  assert.ok(requirements);
  return virtualEnvironment({ python: over, requirements, code, pipWheel });
}

/** What a few lines of Python print in an interpreter. */
const ask = (executable: string, script: string): string => execFileSync(executable, ['-c', script], { env, encoding: 'utf8' }).trim();

/** A Python without venv, ensurepip and pip, as Debian packages it: its own binary and the rest of its library. */
async function strippedPython(): Promise<string> {
  const [stdlib = '', platform = ''] = ask(
    python.executable,
    'import sysconfig as s; print(s.get_path("stdlib")); print(s.get_path("platstdlib"))',
  ).split('\n');
  const [major, minor] = python.version;
  const prefix = join(home, 'stripped');
  const library = join(prefix, 'lib', `python${major}.${minor}`);
  await mkdir(join(prefix, 'bin'), { recursive: true });
  await mkdir(join(library, 'site-packages'), { recursive: true });
  for (const entry of await readdir(stdlib)) {
    if (['venv', 'ensurepip', 'site-packages', 'dist-packages', '__pycache__', 'sitecustomize.py'].includes(entry)) continue;
    await symlink(join(stdlib, entry), join(library, entry));
  }
  assert.ok(platform.startsWith(stdlib), 'one library folder');
  const binary = join(prefix, 'bin', `python${major}.${minor}`);
  await copyFile(await realpath(python.baseExecutable), binary);
  return binary;
}

test('a venv chosen as interpreter keeps its packages, and added ones win over them', async () => {
  const base = join(home, 'base');
  execFileSync(python.executable, ['-m', 'venv', '--without-pip', base]);
  const facts = await interpreters().find(join(base, 'bin', 'python'), wanted.signal);
  const site = facts.sites[0] ?? '';
  await writeFile(join(site, 'only_below.py'), 'version = "below"\n');
  await writeFile(join(site, 'shared_thing.py'), 'version = "below"\n');
  await mkdir(join(home, 'editable'));
  await writeFile(join(home, 'editable', 'linked_below.py'), '');
  await writeFile(join(site, 'linked.pth'), `${join(home, 'editable')}\n`);

  const executable = await make('layered').get(request(['shared_thing'], facts), user, wanted);
  assert.equal(
    ask(executable, 'import shared_thing, only_below, linked_below; print(shared_thing.version, only_below.version)'),
    '2.0 below',
  );
  assert.equal(
    ask(join(base, 'bin', 'python'), 'import shared_thing; print(shared_thing.version)'),
    'below',
    'the interpreter itself is untouched',
  );
});

test('a Python without venv, ensurepip and pip gets its environment by the pip that we ship', async () => {
  const binary = await strippedPython();
  assert.throws(() => execFileSync(binary, ['-c', 'import ensurepip'], { stdio: 'ignore' }));
  const facts = await interpreters().find(binary, wanted.signal);
  assert.equal(facts.hasVenv, false);
  const executable = await make('stripped-environments').get(request(['shared_thing==1.0'], facts), user, wanted);
  assert.equal(ask(executable, 'import shared_thing, sys; print(shared_thing.version, sys.prefix != sys.base_prefix)'), '1.0 True');
});

test('uv makes it where there is one, with the same result', async () => {
  const environments = make('by-uv', withUv);
  const executable = await environments.get(request(['shared_thing'], python, ['shared_thing<2']), user, wanted);
  assert.equal(ask(executable, 'import shared_thing; print(shared_thing.version)'), '1.0');
  const [{ id, size, createdAt, lastUsedAt, uses, ...told } = assert.fail()] = await environments.list(() => true);
  assert.deepEqual(told, {
    state: 'ready',
    kind: 'pip',
    interpreter: executable,
    version: python.version.join('.'),
    packages: ['shared_thing<2'],
    file: 'requirements.txt',
    tool: 'uv',
    stage: null,
    failure: null,
    inUse: true,
  });
  assert.ok(executable.includes(id) && size > 0 && createdAt <= lastUsedAt);
  assert.deepEqual(
    uses.map(({ at: _, ...use }) => use),
    [user],
  );
});

test('two who ask for the same at once wait for one; the next control plane finds it made; progress is told', async () => {
  const environments = make('shared');
  const heard: string[] = [];
  const asked = request(['shared_thing==1.0'], python, ['shared_thing']);
  const [first, second] = await Promise.all([
    environments.get(asked, user, { ...wanted, onProgress: (what) => heard.push(what) }),
    environments.get(asked, user, wanted),
  ]);
  assert.equal(first, second);
  assert.match(heard[0] ?? '', /^creating the environment with shared_thing and requirements\.txt$/);
  assert.ok(
    heard.some((line) => /Installing collected packages: shared_thing/.test(line)),
    heard.join('\n'),
  );
  const before = await stat(first);
  assert.equal(await make('shared').get(asked, user, wanted), first);
  assert.equal((await stat(first)).ctimeMs, before.ctimeMs);
  const other = await environments.get(request(['shared_thing==2.0']), user, wanted);
  assert.notEqual(other, first);
});

test('a requirement that cannot be met fails with the words of pip, and of uv, and leaves why', async () => {
  const failureOf = async (environments: Environments): Promise<PreparationError['failure']> => {
    const error = await environments.get(request(['shared_thing==7.0']), user, wanted).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof PreparationError, String(error));
    return error.failure;
  };
  const failing = make('failing');
  const byPip = await failureOf(failing);
  assert.equal(byPip.code, 'environment-failed');
  assert.ok(byPip.final);
  assert.match(
    byPip.message,
    /pip could not install requirements\.txt: Could not find a version that satisfies the requirement shared.thing==7\.0/,
  );
  assert.ok(
    byPip.log.some((line) => /No matching distribution/.test(line)),
    byPip.log.join('\n'),
  );
  const [, id = ''] = /logs\/environments\/(\w+)\.log/.exec(byPip.hint ?? '') ?? [];
  const { message, hint, log } = byPip;
  // What is known of it is on the disk, for the next control plane, too.
  for (const environments of [failing, make('failing')]) {
    const [told, ...others] = await environments.list(() => false);
    assert.deepEqual([told?.id, told?.state, told?.failure, told?.size, others], [id, 'failed', { message, hint, log }, 0, []]);
    assert.deepEqual(
      told?.uses.map(({ at: _, ...use }) => use),
      [user],
    );
    assert.ok((await environments.log(id))?.some((line) => /No matching distribution/.test(line)));
    assert.equal(await environments.log('another'), null);
  }
  assert.match(await readFile(join(home, 'logs', `${id}.log`), 'utf8'), /No matching distribution/);
  await rm(join(home, 'logs', `${id}.log`));
  assert.deepEqual(await failing.log(id), []);
  assert.deepEqual(await failing.remove([id], () => false), [id]);
  assert.deepEqual(await readdir(join(home, 'failing')), []);

  const byUv = await failureOf(make('failing-uv', withUv));
  assert.match(byUv.message, /uv could not install requirements\.txt: No solution found when resolving dependencies: .*shared-thing/);
});

test('what nobody wants any more is ended in the middle and leaves nothing; then it can be made after all', async () => {
  const environments = make('cancelled');
  const left = new AbortController();
  const asked = request(['shared_thing==1.0']);
  const making = Promise.withResolvers<string>();
  const going = environments.get(asked, user, { signal: left.signal, onProgress: (what) => what.includes(': ') && making.resolve(what) });
  const stage = await making.promise;
  const [told] = await environments.list(() => false);
  assert.deepEqual([told?.state, told?.inUse, told?.size, told?.version, told?.failure], ['making', true, 0, null, null]);
  assert.ok(told?.stage?.startsWith(stage.slice(0, stage.indexOf(': '))));
  assert.deepEqual(await environments.remove([told?.id ?? ''], () => false), [], 'nobody takes it away meanwhile');
  left.abort(new Error('left'));
  await assert.rejects(going, { message: 'left' });
  assert.equal(ask(await environments.get(asked, user, wanted), 'import shared_thing; print(shared_thing.version)'), '1.0');
});

test('an installer that is ended in the middle of a build leaves nothing in the temporary folder either; one that ends well leaves nothing of its own', async () => {
  const [project, temporary] = [join(home, 'never-built'), join(home, 'temporary')];
  await Promise.all([mkdir(project), mkdir(temporary)]);
  await writeFile(join(project, 'pyproject.toml'), '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n');
  await writeFile(join(project, 'backend.py'), 'import threading\nthreading.Event().wait()\n');
  const environments = new Environments({ root: join(home, 'ended'), logs: join(home, 'logs'), env: { ...env, TMPDIR: temporary } });
  const left = new AbortController();
  const going = environments.get(request([project]), user, {
    signal: left.signal,
    onProgress: (what) => /Getting requirements to build wheel/.test(what) && left.abort(new Error('left')),
  });
  await assert.rejects(going, { message: 'left' });
  // Whoever leaves does not wait for the end of what was begun.
  await eventually(async () => assert.deepEqual(await readdir(join(home, 'ended')), []), 10_000);
  assert.deepEqual(await readdir(temporary), []);
  const executable = await environments.get(request(['shared_thing==1.0']), user, wanted);
  assert.deepEqual(await readdir(temporary), []);
  assert.ok(!(await readdir(dirname(dirname(executable)))).includes('tmp'));
});

test('requirements that name files of the project are installed from its snapshot, one environment for each', async () => {
  const project = join(home, 'project');
  await mkdir(join(project, 'lib'), { recursive: true });
  await writeFile(join(project, 'base.txt'), './lib/local_thing-1.0-py3-none-any.whl\n');
  await writeFile(join(project, 'requirements.txt'), `--no-index\n-r base.txt\n`);
  makeWheel(wheels, 'local_thing', '1.0');
  await copyFile(join(wheels, 'local_thing-1.0-py3-none-any.whl'), join(project, 'lib', 'local_thing-1.0-py3-none-any.whl'));
  const snapshot = (digest: string): Recipe => request(['-r base.txt'], python, [], { digest, folder: project });
  const executable = await make('project-environments').get(snapshot('sha256:1'), user, wanted);
  assert.equal(ask(executable, 'import local_thing; print(local_thing.version)'), '1.0');
  assert.notEqual(await make('project-environments').get(snapshot('sha256:2'), user, wanted), executable);
});

test('what was never finished, or not used for a month, is removed', async () => {
  const environments = make('old', withUv);
  const executable = await environments.get(request(['shared_thing==1.0']), user, wanted);
  const folder = dirname(dirname(executable));
  await mkdir(join(home, 'old', 'unfinished'));
  await mkdir(join(home, 'old', 'removed.gone'));
  const now = Date.now();
  await environments.removeUnused(() => false, now);
  assert.deepEqual(await readdir(join(home, 'old')), [folder.slice(join(home, 'old').length + 1)]);
  const month = new Date(now - 31 * 24 * 3600 * 1000);
  await utimes(join(folder, 'spell-environment.json'), month, month);
  // The next control plane knows as well for whom it was made.
  const next = make('old', withUv);
  await next.removeUnused((uses) => uses.some(({ name, revision }) => name === 'digits' && revision === 1), now);
  assert.ok(await stat(folder));
  await next.removeUnused(() => false, now);
  assert.deepEqual(await readdir(join(home, 'old')), []);
});

test('removed are those that nobody needs in that moment; one that is asked for again is made again', async () => {
  const environments = make('pruned', withUv);
  const other: RevisionKey = { ...user, revision: 2 };
  const [old, kept] = [request(['shared_thing==1.0']), request(['shared_thing==2.0'])];
  await environments.get(old, user, wanted);
  const inUse = await environments.get(kept, other, wanted);
  const isUsed = (uses: readonly RevisionKey[]): boolean => uses.some(({ revision }) => revision === 2);
  const both = [old.name, kept.name];
  assert.deepEqual(await environments.remove(both, isUsed), [old.name]);
  assert.deepEqual(await readdir(join(home, 'pruned')), [kept.name]);
  assert.deepEqual(
    (await environments.list(isUsed)).map(({ id }) => id),
    [kept.name],
  );
  const again = await environments.get(old, user, wanted);
  assert.equal(ask(again, 'import shared_thing; print(shared_thing.version)'), '1.0');
  assert.equal(ask(inUse, 'import shared_thing; print(shared_thing.version)'), '2.0');
});
