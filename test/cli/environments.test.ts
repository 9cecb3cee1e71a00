import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Environment, EnvironmentLog, ModelServer, Revision } from '../../runtime/api/objects.ts';
import { developmentPython } from '../../scripts/testing/development-python.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { type Ended, makeHome, type TestHome } from '../harness/home.ts';
import { makeCondaTool } from '../platform/conda-tool.ts';

// One model server whose environments change, by the command alone. In micromamba's place stands `conda-tool.ts`.

const predictor = `
import importlib, os, sys

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        gdal = importlib.import_module("gdal").version if payload["gdal"] else None
        return {"gdal": gdal, "prefix": sys.prefix, "conda": os.environ.get("CONDA_PREFIX"), "cache": os.environ.get("GDAL_CACHE")}
`;

interface Answer {
  gdal: string | null;
  prefix: string;
  conda: string | null;
  cache: string | null;
}

describe('the environments of a model server', () => {
  let home: TestHome;
  let url: string;
  const inHome = (path: string): string => join(home.folder, path);
  const hold = (): string => inHome('tools/hold');
  before(async () => {
    home = await makeHome();
    await Promise.all([mkdir(inHome('tools')), mkdir(inHome('project'))]);
    await makeCondaTool(inHome('tools'), 'micromamba', developmentPython());
    await writeFile(inHome('project/predictor.py'), predictor);
    await writeFile(inHome('project/requirements.txt'), 'numpy\n');
  });
  after(() => home.close());

  const spell = (...args: string[]): Promise<Ended> =>
    home.spell(args, { cwd: inHome('project'), env: { PATH: `${inHome('tools')}:${process.env.PATH}` } });
  const ok = async (...args: string[]): Promise<string> => {
    const ended = await spell(...args);
    assert.equal(ended.status, 0, ended.stderr);
    return ended.stdout;
  };
  const update = (...args: string[]): Promise<Ended> => spell('server', 'update', 'maps', ...args);
  const environments = (): Promise<Environment[]> => home.json<Environment[]>(['env']);
  const changes = async (): Promise<string[]> => (await home.json<Revision[]>(['server', 'revisions', 'maps']))[0]?.changes ?? [];
  const condaFile = (name: string, ...lines: string[]): Promise<void> => {
    const text = `channels:\n  - conda-forge\ndependencies:\n${lines.map((line) => `  - ${line}\n`).join('')}variables:\n  GDAL_CACHE: 64\n`;
    return writeFile(inHome(`project/${name}`), text);
  };
  const ask = async (gdal = true): Promise<Answer> => {
    const answer = await predict(url, { gdal });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Answer>();
  };

  it('a conda file is the interpreter, its variables are those of the workers; beside a requirements file it is refused', async () => {
    await condaFile('first.yml', 'python=3.11', 'gdal=3.8');
    const both = await spell(
      'server',
      'serve',
      '--name',
      'maps',
      '--conda-file',
      'first.yml',
      '--pip-req',
      'requirements.txt',
      'predictor.py',
    );
    assert.deepEqual(
      [both.status, /pip-req \(requirements\.txt\) and conda-file \(first\.yml\) exclude each other/.test(both.stderr)],
      [2, true],
    );
    url = (await ok('server', 'serve', '--name', 'maps', '--conda-file', 'first.yml', 'predictor.py')).trim();
    const { prefix, ...others } = await ask();
    assert.deepEqual(others, { gdal: '3.8', conda: prefix, cache: '64' });
    const [only] = await environments();
    assert.deepEqual([only?.kind, only?.tool, only?.inUse, only?.usedBy[0]?.server], ['conda', 'micromamba', true, 'local/maps']);
    assert.match(
      await ok('env', 'list'),
      /^ENVIRONMENT +PYTHON +PACKAGES +MADE BY +SIZE +USED BY +LAST USED\n\w{12} +3\.\S+ +first\.yml +micromamba +\S+ \S+ +maps \(revision 1\) +in use\n$/,
    );
  });

  it('spelld killed while one is made: the former revision answers, nothing half made is left, and it is made after all', async () => {
    await condaFile('second.yml', 'python=3.11', 'gdal=3.9', 'slow');
    await writeFile(hold(), '');
    await ok('server', 'update', 'maps', '--conda-file', 'second.yml', '--detach');
    const stages = async (): Promise<SpellEvent[]> =>
      (await home.json<SpellEvent[]>(['events', '--since', '0'])).filter(({ message }) => /second\.yml: Linking slow/.test(message));
    const [stage] = await eventually(async () => {
      const found = await stages();
      assert.ok(found.length > 0);
      return found;
    }, 30_000);
    assert.deepEqual([stage?.type, stage?.object], ['environment.progress', 'local/maps']);
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as { processes: { spelld: number } };
    process.kill(processes.spelld, 'SIGKILL');
    assert.equal((await ask()).gdal, '3.8');
    await eventually(async () => assert.equal((await stages()).length, 2), 30_000);
    assert.equal((await ask()).gdal, '3.8');
    const [making, ...made] = (await environments()).sort((a, b) => a.state.localeCompare(b.state));
    assert.deepEqual(
      [making?.state, making?.file, making?.inUse, made.map(({ state }) => state)],
      ['making', 'second.yml', true, ['ready']],
    );
    const log = await spell('env', 'logs', making?.id.slice(0, 12) ?? '');
    assert.match(log.stdout, /^Transaction starting\nLinking slow\n/);
    assert.deepEqual([log.status, log.stderr], [0, 'creating the environment with second.yml: Linking slow\n']);
    await rm(hold());
    await eventually(async () => assert.equal((await ask()).gdal, '3.9'), 30_000);
    assert.equal((await readdir(join(home.home, 'local', 'environments'))).length, 2);
  });

  it('the log of what is still being made says so, and what failed, why; nobody has printed anything', async () => {
    await condaFile('other.yml', 'python=3.11', 'slow');
    await writeFile(hold(), '');
    const serve = ['server', 'serve', '--name', 'other', '--conda-file', 'other.yml'];
    await ok(...serve, '--detach', 'predictor.py');
    await eventually(async () => {
      const { status, stdout, stderr } = await spell('server', 'logs', 'other');
      assert.deepEqual([status, stdout], [0, '']);
      assert.match(
        stderr,
        /^other has printed nothing yet: creating the environment with other\.yml: Linking slow; follow it: spell server logs other -f\n$/,
      );
    }, 30_000);
    await ok('server', 'rm', 'other', '--force');
    await rm(hold());
    await condaFile('other.yml', 'python=3.11', 'nope');
    assert.equal((await spell(...serve, 'predictor.py')).status, 1);
    const failed = await spell('server', 'logs', 'other');
    assert.deepEqual([failed.status, failed.stdout], [0, '']);
    assert.match(
      failed.stderr,
      /^other has printed nothing yet: micromamba could not install other\.yml: .*; correct `conda-file` and serve again/,
    );
    await ok('server', 'rm', 'other', '--force');
  });

  it('what conda and apt cannot do fails the update in their own words, and the former revision stays; corrected, it goes on', async () => {
    await condaFile('third.yml', 'python=3.11', 'nope');
    const lacking = await update('--conda-file', 'third.yml');
    assert.equal(lacking.status, 1);
    assert.match(
      lacking.stderr,
      /micromamba could not install third\.yml: .*nope \* does not exist \(perhaps a typo or a missing channel\)/,
    );
    const failed = (await environments()).filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map(({ file, usedBy }) => [file, usedBy.map(({ revision, inUse }) => [revision, inUse])]),
      [['third.yml', [[3, false]]]],
    );
    assert.match(failed[0]?.failure?.log.join('\n') ?? '', /nope \* does not exist/);
    const [, shown = ''] = /^(\w{12}) +- +third\.yml +- +- +1 former revision +failed$/m.exec(await ok('env', 'list')) ?? [];
    const log = await spell('env', 'logs', shown);
    assert.match(log.stdout, /nope \* does not exist/);
    assert.match(log.stderr, /^micromamba could not install third\.yml: .*\ncorrect `conda-file` and serve again/);
    const { lines } = await home.json<EnvironmentLog>(['env', 'logs', failed[0]?.id ?? '']);
    assert.equal(lines.join('\n'), log.stdout.trimEnd());
    const unknown = await spell('env', 'logs', 'third.yml');
    assert.deepEqual(
      [unknown.status, unknown.stdout, unknown.stderr],
      [3, '', 'error: there is no environment "third.yml"\nhint: `spell env` lists them\n'],
    );
    const missing = await update('--apt', 'no-such-package=1');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /sudo apt-get install --yes no-such-package=1|there is no dpkg-query on PATH/);
    assert.equal((await ask()).gdal, '3.9');
    assert.deepEqual((await home.json<ModelServer>(['server', 'describe', 'maps'])).state, 'running');
    await condaFile('third.yml', 'python=3.11', 'gdal=4.0');
    assert.equal((await update('--conda-file', 'third.yml')).status, 0);
    assert.equal((await ask()).gdal, '4.0');
  });

  it('prune tells first, removes what only a rollback would need, and a rollback makes it again', async () => {
    const dry = await spell('env', 'prune', '--dry-run');
    assert.match(
      dry.stderr,
      /second\.yml .* 2 former revisions\n.*third\.yml {2}0 B .* 1 former revision\n.*first\.yml .* 1 former revision\n3 environments \(\S+ \S+\) can be removed/,
    );
    assert.equal((await environments()).length, 4);
    assert.equal((await spell('env', 'prune')).status, 2, 'nobody there to ask');
    await ok('env', 'prune', '--yes');
    const [left, ...others] = await environments();
    assert.deepEqual([left?.file, others], ['third.yml', []]);
    assert.equal((await ask()).gdal, '4.0');
    await ok('server', 'rollback', 'maps');
    assert.equal((await ask()).gdal, '3.9');
  });

  it('another interpreter is an update whose changes say so', async () => {
    const [first, second] = ['one', 'two'].map((name) => inHome(`project/${name}`));
    for (const folder of [first, second]) execFileSync(developmentPython(), ['-m', 'venv', '--without-pip', folder ?? '']);
    assert.equal((await update('--unset', 'conda-file', '--python', './one')).status, 0);
    assert.deepEqual([(await ask(false)).prefix, (await ask(false)).conda], [first, null]);
    assert.equal((await update('--python', './two')).status, 0);
    assert.equal((await ask(false)).prefix, second);
    const [told, ...others] = await changes();
    assert.match(told ?? '', /^python: \S*project\/one\/bin\/python → \S*project\/two\/bin\/python$/);
    assert.deepEqual(others, []);
    assert.match((await update('--python', './two')).stderr, /nothing had to change/);
  });
});
