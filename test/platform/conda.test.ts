import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CondaFile } from '../../runtime/api/settings.ts';
import { condaEnvironment, condaVariables } from '../../runtime/platform/local/environments/conda-environment.ts';
import { Environments } from '../../runtime/platform/local/environments/environments.ts';
import { Interpreters } from '../../runtime/platform/local/interpreters.ts';
import { PreparationError } from '../../runtime/platform/local/preparation-error.ts';
import { makeCondaTool } from './conda-tool.ts';

// A real micromamba cannot be had without its channels; what stands in its place makes real prefixes (`conda-tool.ts`).

const wanted = { signal: new AbortController().signal, onProgress: () => {} };
const user = { owner: 'local', name: 'digits', revision: 1 };

let home: string;
let interpreters: Interpreters;
before(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'spell-conda-')));
  interpreters = new Interpreters({ file: join(home, 'interpreters.json'), cwd: home, env: { PATH: process.env.PATH ?? '' } });
  const { executable } = await interpreters.find(undefined, wanted.signal);
  for (const name of ['micromamba', 'mamba', 'conda']) {
    await mkdir(join(home, name));
    await makeCondaTool(join(home, name), name, executable);
  }
});
after(() => rm(home, { recursive: true, force: true }));

/** Environments that find these tools. Nothing else is on PATH: of several, the one to take must not depend on this machine. */
const make = (...tools: string[]): Environments =>
  new Environments({
    root: join(home, 'environments'),
    logs: join(home, 'logs'),
    env: { PATH: tools.map((tool) => join(home, tool)).join(':'), HOME: home },
  });

const conda = (...dependencies: string[]): CondaFile => ({ file: 'environment.yml', content: { dependencies } });
const recipe = (file: CondaFile): ReturnType<typeof condaEnvironment> =>
  condaEnvironment(file, (interpreter, signal) => interpreters.find(interpreter, signal), []);

test('a conda file makes an interpreter with its packages, once for all who ask for the same; the first tool of three is taken', async () => {
  const heard: string[] = [];
  const asked = conda('python=3.11', 'gdal=3.8');
  const first = await make('conda', 'mamba', 'micromamba').get(recipe(asked), user, { ...wanted, onProgress: (what) => heard.push(what) });
  assert.equal(execFileSync(first, ['-c', 'import gdal; print(gdal.version)'], { encoding: 'utf8' }), '3.8\n');
  assert.ok(heard.includes('creating the environment with environment.yml: Linking gdal-3.8'), heard.join('\n'));

  // Variables are the workers' own, so another value of one makes no other environment.
  const other = { ...asked, content: { ...asked.content, variables: { GDAL_CACHEMAX: 64 } } };
  const environments = make('conda', 'mamba');
  assert.equal(await environments.get(recipe(other), { ...user, revision: 2 }, wanted), first);
  assert.deepEqual(condaVariables(other, first), { GDAL_CACHEMAX: '64', CONDA_PREFIX: dirname(dirname(first)) });
  const [listed] = await environments.list(() => false);
  assert.deepEqual([listed?.kind, listed?.file, listed?.tool, listed?.uses.length], ['conda', 'environment.yml', 'micromamba', 2]);

  await environments.get(recipe(conda('python=3.11')), user, wanted);
  await make('conda').get(recipe(conda('python=3.12')), user, wanted);
  const calls = ['micromamba', 'mamba', 'conda'].map((name) => readFile(join(home, name, 'calls'), 'utf8'));
  assert.deepEqual(await Promise.all(calls), ['create\n', 'env create\n', 'env create\n']);
});

async function failureOf(environments: Environments, file: CondaFile): Promise<PreparationError['failure']> {
  const error = await environments.get(recipe(file), user, wanted).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof PreparationError, String(error));
  const kept = await readdir(join(home, 'environments', recipe(file).name));
  assert.deepEqual(kept.sort(), ['spell-environment-failed.json', 'spell-uses'], 'nothing is left but why, and for whom');
  return error.failure;
}

test('what the channels lack, a file without Python, and no tool at all are said with what to do', async () => {
  const lacking = await failureOf(make('micromamba'), conda('python', 'nope'));
  assert.equal(lacking.code, 'environment-failed');
  assert.match(lacking.message, /^micromamba could not install environment\.yml: Could not solve .* nope \* does not exist/);
  assert.match(lacking.hint ?? '', /correct `conda-file` and serve again; .* logs\/environments\/\w+\.log/);
  assert.ok(lacking.log.some((line) => /missing channel/.test(line)));

  const without = await failureOf(make('micromamba'), conda('gdal'));
  assert.deepEqual(
    [without.message, without.hint],
    ['environment.yml brings no Python', 'ask for one among its dependencies: python>=3.9'],
  );

  const none = await failureOf(make(), conda('python'));
  assert.equal(none.code, 'conda-not-found');
  assert.match(none.message, /environment\.yml needs micromamba, mamba or conda/);
  assert.match(none.hint ?? '', /install micromamba/);
});
