import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { ModelVersion, Resource, ResourceDetail, RunLogLine } from '../../runtime/api/objects.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

/** Trains nothing, but says, writes and ends as training does. */
const train = `
import os, sys

os.makedirs("saved_models", exist_ok=True)
with open("saved_models/keras_cifar10_trained_model.h5", "w") as file:
    file.write("weights")
with open("noise.tmp", "w") as file:
    file.write("noise")
print("epoch 1")
print("a warning", file=sys.stderr)
print(sys.stdin.read())
sys.exit(int(sys.argv[1]))
`;

describe('runs', () => {
  let home: TestHome;
  let project: string;
  before(async () => {
    home = await makeHome();
    project = join(home.folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'train.py'), train);
    await writeFile(join(project, '.spellignore'), '*.tmp\n');
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', project, '-c', 'user.name=ada', '-c', 'user.email=a@b', ...args]);
    git('init', '-q');
    git('add', 'train.py');
    git('commit', '-qm', 'train');
  });
  after(() => home.close());

  it('a command runs with its own input, output and exit status; what it made and printed is runs/1', async () => {
    const ended = await home.spell(['run', '--name', 'cifar', '--', 'python3', 'train.py', '0'], { cwd: project, input: 'typed' });
    assert.deepEqual([ended.status, ended.stdout], [0, 'epoch 1\ntyped\n']);
    assert.match(ended.stderr, /^a warning\nruns\/1: complete after [0-9.]+ s; saved 1 file, 7 B\n$/);
    const run = await home.json<ResourceDetail>(['runs', 'describe', '1']);
    assert.deepEqual(
      run.entries.map(({ path }) => path),
      ['saved_models/keras_cifar10_trained_model.h5'],
    );
    const { name, command, folder, git, exitStatus, state } = run.run ?? {};
    assert.deepEqual([name, command, folder, exitStatus, state], ['cifar', ['python3', 'train.py', '0'], project, 0, 'complete']);
    const commit = execFileSync('git', ['-C', project, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    assert.deepEqual(git, { commit, dirty: false });
    const log = await home.json<RunLogLine[]>(['runs', 'logs', 'runs/1']);
    assert.deepEqual(
      new Set(log.map((line) => `${line.stream}: ${line.text}`)),
      new Set(['stdout: epoch 1', 'stderr: a warning', 'stdout: typed']),
    );
  });

  it('one that fails ends as its command does, and is kept; options of its own are its own, also without --', async () => {
    await writeFile(join(project, 'train.py'), `${train}# changed\n`);
    const ended = await home.spell(['run', '-o', 'json', 'python3', 'train.py', '7', '--name', 'x'], { cwd: project });
    assert.equal(ended.status, 7);
    const { path, run } = JSON.parse(ended.stdout) as Resource;
    assert.deepEqual([path, run?.name, run?.exitStatus, run?.state, run?.git?.dirty], ['runs/2', null, 7, 'failed', true]);
    assert.match(ended.stderr, /epoch 1/, 'on stdout is one document and nothing else');
    const killed = await home.spell(['run', '--save', 'saved_models', '--', 'sh', '-c', 'kill -KILL $$'], { cwd: project });
    assert.equal(killed.status, 137);
    assert.match(await home.ok(['runs']), /^runs\/3 {2}- +failed \(SIGKILL\) .* 1 file .* sh -c 'kill -KILL \$\$'$/m);
  });

  it('the specification’s models: of a file of a run under another name, and of a part of one', async () => {
    await home.ok(['model', 'create', 'cifar', 'runs/1', '--file', 'saved_models/keras_cifar10_trained_model.h5:model.h5']);
    const [version] = await home.json<ModelVersion[]>(['model', 'describe', 'cifar']);
    assert.deepEqual([version?.resource, version?.files[0]?.path], ['runs/1', 'model.h5']);
    const described = await home.spell(['model', 'describe', 'cifar']);
    assert.match(described.stdout, /^v1 {7}runs\/1 {4}saved_models\/keras_cifar10_trained_model\.h5:model\.h5 {2}just now/m);
    assert.match(described.stderr, /^made by `python3 train\.py 0` in \S+\/project, at commit [0-9a-f]{12}\n$/);
    await home.ok(['model', 'create', 'part', 'runs/1/saved_models']);
    await home.ok(['model', 'create', 'runs/1']);
    assert.match(await home.ok(['model']), /^cifar +v2 /m, 'with a resource alone the model has the name of the run');
    const nameless = await home.spell(['model', 'create', 'runs/2']);
    assert.deepEqual([nameless.status, /hint: name the model: spell model create NAME runs\/2/.test(nameless.stderr)], [2, true]);
  });

  it('what a run saved is listed and comes back to disk; it stays while a model was made from it', async () => {
    assert.match(await home.ok(['ls', 'runs']), /runs\/1\n.*runs\/2\n.*runs\/3\n$/);
    assert.match(await home.ok(['ls', 'runs/1/saved_models']), /7 B .* runs\/1\/saved_models\/keras_cifar10_trained_model\.h5\n$/);
    await home.ok(['cp', 'runs/1/saved_models', 'back']);
    assert.equal(await readFile(join(home.folder, 'back', 'keras_cifar10_trained_model.h5'), 'utf8'), 'weights');
    const refused = await home.spell(['rm', 'runs/1']);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^error: runs\/1 is used by the models cifar:v1, cifar:v2, part:v1\nhint: /);
    assert.equal((await home.spell(['rm', 'runs/3'])).status, 2, 'it asks, and nobody can answer');
    await home.ok(['rm', 'runs/3', '--yes']);
    assert.equal((await home.spell(['runs', 'describe', '3'])).status, 3);
    await home.ok(['run', 'true'], { cwd: project });
    assert.match(await home.ok(['runs']), /^runs\/4 /m, 'its number is not used again');
  });

  it('what cannot be run is no run', async () => {
    assert.equal((await home.spell(['run', '--', 'no-such-program'])).status, 3);
    assert.equal((await home.spell(['run'])).status, 2);
    assert.equal((await home.spell(['run', '--save', '..', '--', 'true'])).status, 2);
    assert.equal((await home.json<Resource[]>(['runs'])).length, 3);
  });

  it('Ctrl-C is the command’s to answer: what it does then is part of the run', { timeout: 30_000 }, async (t) => {
    const careful = `trap 'echo saved in time > late.txt; exit 130' INT; echo ready; while :; do sleep 0.05; done`;
    const { child, ended } = startRun(careful);
    // In a session of its own it would outlive a test that failed.
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    assert.equal(status, 130);
    assert.match(stderr, /^runs\/5: interrupted after .*; saved 1 file, 14 B\n$/);
    assert.match(await home.ok(['ls', 'runs/5']), /runs\/5\/late\.txt/);
  });

  it('of a `spell run` that is killed nothing is left: no run, and its number is free', { timeout: 30_000 }, async () => {
    const { child, ended } = startRun('echo ready; sleep 0.2; echo > lost.txt; echo more; exec sleep 60');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await ended;
    assert.equal((await home.json<Resource[]>(['runs'])).at(-1)?.path, 'runs/5');
    await home.ok(['run', 'true'], { cwd: project });
    assert.equal((await home.json<Resource[]>(['runs'])).at(-1)?.path, 'runs/6');
  });

  /** In a session of its own: no terminal tells the command of our Ctrl-C. */
  function startRun(script: string) {
    const child = spawn(process.execPath, [spellStub, 'run', '--', 'sh', '-c', script], {
      cwd: project,
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = Promise.all([text(child.stderr), once(child, 'exit')]).then(([stderr, [status]]) => ({
      stderr,
      status: status as number,
    }));
    return { child, ended };
  }
});
