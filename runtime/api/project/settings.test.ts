import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SettingKey } from '../settings.ts';
import { readSettings } from './read-settings.ts';
import type { Said, SaidSettings } from './said.ts';
import { readSpellYaml } from './spell-yaml.ts';
import { makeTree } from './testing.ts';

const env = { PATH: process.env.PATH };

/** One setting as a flag says it. */
function flag(key: SettingKey, value: Said['value'], folder = '/'): SaidSettings {
  return { [key]: { value, where: `--${key}`, folder } };
}

test('flags are texts: numbers, sizes, lists and switches are read from them', async () => {
  assert.deepEqual(await readSettings({ ...flag('min-pods', '2'), ...flag('start-wait', '0.5'), ...flag('debug', true) }, env), {
    'min-pods': 2,
    'start-wait': 0.5,
    debug: true,
  });
  assert.deepEqual(await readSettings(flag('max-request-size', '64Ki'), env), { 'max-request-size': 65_536 });
  assert.deepEqual(await readSettings(flag('max-request-size', '1.5Mi'), env), { 'max-request-size': 1_572_864 });
  assert.deepEqual(await readSettings(flag('max-request-size', '1000'), env), { 'max-request-size': 1000 });
  assert.deepEqual(await readSettings(flag('ram-limit', '512'), env), { 'ram-limit': 512 * 2 ** 20 });
  assert.deepEqual(await readSettings(flag('ram-limit', '2Gi'), env), { 'ram-limit': 2 ** 31 });
  assert.deepEqual(await readSettings(flag('pip', ['a', 'b>=1']), env), { pip: ['a', 'b>=1'] });
});

test('env splits at the first "=", and an empty value is one', async () => {
  assert.deepEqual(await readSettings(flag('env', ['A=b=c', 'EMPTY=']), env), { env: { A: 'b=c', EMPTY: '' } });
});

for (const [key, value, says] of [
  ['min-pods', 'two', /--min-pods: "two" is not a number/],
  ['min-pods', '1.5', /--min-pods: 1\.5 is not a whole number/],
  ['min-pods', '0', /--min-pods: 0 is too small: it must be more than 0/],
  ['gpu-limit', '0.5', /--gpu-limit: 0\.5 is not a whole number/],
  ['gpu-limit', '-1', /--gpu-limit: -1 is too small: it must be at least 0/],
  ['drain-timeout', '-1', /--drain-timeout: -1 is too small: it must be at least 0/],
  ['max-request-size', '10MB', /--max-request-size: "10MB" is not a size/],
  ['max-request-size', '', /--max-request-size: "" is not a size/],
  ['debug', 'yes', /--debug: "yes" is neither true nor false/],
  ['env', ['NOVALUE'], /--env: "NOVALUE" has no "="/],
  ['env', ['1A=b'], /--env: "1A" is no name/],
  ['pip', [''], /--pip: \[""\] has an empty item/],
  ['classname', '', /--classname: "" is empty/],
] as const) {
  test(`${key} = ${JSON.stringify(value)} is refused, naming the flag and the value`, async () => {
    await assert.rejects(readSettings(flag(key, value as Said['value']), env), { code: 'bad-setting', message: says });
  });
}

test('a name against the rules is refused with the rule', async () => {
  await assert.rejects(readSettings(flag('server-name', 'a--b'), env), { code: 'bad-name', message: /--server-name: .*side by side/ });
});

test('a configuration is read from JSON or YAML, and must be a mapping that JSON can carry', async (t) => {
  const root = await makeTree(t, {
    'c.json': '{"a": [1, null]}',
    'c.yaml': 'a: &x {b: yes}\nc: *x\n',
    'list.yaml': '- 1\n',
    'empty.yaml': '',
    'nan.yaml': 'a: {b: .nan}\n',
    'broken.json': '{"a": ',
    'unspaced.yaml': 'use_feature_x:true\nother: 1\n',
  });
  const read = (value: Said['value']): Promise<unknown> => readSettings(flag('config', value, root), env);
  assert.deepEqual(await read('c.json'), { config: { file: 'c.json', values: { a: [1, null] } } });
  assert.deepEqual(await read('c.yaml'), { config: { file: 'c.yaml', values: { a: { b: 'yes' }, c: { b: 'yes' } } } });
  assert.deepEqual(await read({ inline: 1 }), { config: { values: { inline: 1 } } });
  await assert.rejects(read('list.yaml'), { code: 'bad-setting', message: /list\.yaml is not a mapping, but a list/ });
  await assert.rejects(read('empty.yaml'), { code: 'bad-setting', message: /empty\.yaml is empty/ });
  await assert.rejects(read('nan.yaml'), { code: 'bad-setting', message: /a\.b: NaN/ });
  await assert.rejects(read('broken.json'), { code: 'bad-setting', message: /broken\.json is not JSON/ });
  await assert.rejects(read('unspaced.yaml'), { code: 'bad-setting', hint: /space after the colon, in "use_feature_x:true"/ });
  await assert.rejects(read('missing.yaml'), { code: 'bad-path', message: /--config: there is no file .*missing\.yaml/ });
});

test('requirements are taken as they are now: comments dropped, lines joined, -r put in place', async (t) => {
  const root = await makeTree(t, {
    'r.txt': '# all\nnumpy==2.1 \\\n  --hash=sha256:0\n-r more/base.txt\n\nrequests # web\n--index-url https://index.example/simple\n',
    'more/base.txt': '-rdeeper.txt\nscipy\n',
    'more/deeper.txt': 'six; python_version < "3.10"\n',
    'loop.txt': '-r loop.txt\n',
    'local.txt': 'numpy\n-e ./package\n',
    'constrained.txt': '-c constraints.txt\n',
    'missing.txt': '-r nowhere.txt\n',
  });
  const read = (file: string): Promise<unknown> => readSettings(flag('pip-req', file, root), env);
  assert.deepEqual(await read('r.txt'), {
    'pip-req': {
      file: 'r.txt',
      lines: [
        'numpy==2.1    --hash=sha256:0',
        'six; python_version < "3.10"',
        'scipy',
        'requests',
        '--index-url https://index.example/simple',
      ],
    },
  });
  await assert.rejects(read('loop.txt'), { code: 'bad-setting', message: /loop\.txt includes itself/ });
  await assert.rejects(read('local.txt'), { code: 'bad-setting', message: /"-e \.\/package" is a path on this machine/ });
  await assert.rejects(read('constrained.txt'), { code: 'bad-setting', message: /constraints/ });
  await assert.rejects(read('missing.txt'), { code: 'bad-path', message: /nowhere\.txt, which .*missing\.txt names/ });
});

test("a conda file is taken as it is now, without its name, its pip section's files in their place; what conda would not take is named", async (t) => {
  const root = await makeTree(t, {
    'environment.yml': `name: mine
channels: [conda-forge]
dependencies:
  - python=3.11
  - gdal >=3
  - pip:
      - -r requirements.txt
      - "six; python_version < '3.10'"
variables: {GDAL_CACHEMAX: 512}
prefix: /home/me/conda/envs/mine
`,
    'requirements.txt': 'numpy # fast\n',
    'empty.yml': 'name: mine\n',
    'odd.yml': 'dependencies: [numpy, {npm: [left-pad]}]\n',
    'local.yml': 'dependencies: [pip, {pip: [./package]}]\n',
    'broken.yml': 'dependencies: [numpy\n',
  });
  const read = (file: string): Promise<unknown> => readSettings(flag('conda-file', file, root), env);
  assert.deepEqual(await read('environment.yml'), {
    'conda-file': {
      file: 'environment.yml',
      content: {
        channels: ['conda-forge'],
        dependencies: ['python=3.11', 'gdal >=3', { pip: ['numpy', "six; python_version < '3.10'"] }],
        variables: { GDAL_CACHEMAX: 512 },
      },
    },
  });
  await assert.rejects(read('empty.yml'), { code: 'bad-setting', message: /empty\.yml is no conda environment file: dependencies/ });
  await assert.rejects(read('odd.yml'), { code: 'bad-setting', message: /dependencies\.1 is not what conda takes/ });
  await assert.rejects(read('local.yml'), { code: 'bad-setting', message: /"\.\/package" is a path on this machine/ });
  await assert.rejects(read('broken.yml'), { code: 'bad-setting', message: /broken\.yml:\d+ is not YAML/ });
  await assert.rejects(read('none.yml'), { code: 'bad-path', message: /there is no file .*none\.yml/ });
});

test('system packages are named as Debian names them, with a version where one is wanted', async () => {
  const read = (...apt: string[]): Promise<unknown> => readSettings(flag('apt', apt, '/'), env);
  assert.deepEqual(await read('ffmpeg', 'libstdc++6:amd64=12.2.0-14'), { apt: ['ffmpeg', 'libstdc++6:amd64=12.2.0-14'] });
  for (const wrong of ['ffmpeg; rm', '--help', 'ffmpeg=', 'FFmpeg', 'a b']) {
    await assert.rejects(read(wrong), { code: 'bad-setting', message: /is no NAME or NAME=VERSION/ });
  }
});

test('spell.yaml: keys are the settings, texts stay as written, paths start at its folder', async (t) => {
  const root = await makeTree(t, {
    'spell.yaml': `
server_name: echo
model: [a, "b:v2"]
entrypoint: src/predictor.py
description: 3.10
min-pods: 2
debug: true
max_request_size: 1Mi
ram-limit: 1.5Gi
env: {PORT: 8000, VERSION: 3.10, FLAG: yes}
pip: numpy
config: {threshold: 0.5, on: true}
`,
  });
  const [document] = await readSpellYaml(join(root, 'spell.yaml'));
  assert.deepEqual(await readSettings(document?.said ?? {}, env), {
    'server-name': 'echo',
    model: ['a', 'b:v2'],
    entrypoint: join(root, 'src/predictor.py'),
    description: '3.10',
    'min-pods': 2,
    debug: true,
    'max-request-size': 2 ** 20,
    'ram-limit': 1536 * 2 ** 20,
    env: { PORT: '8000', VERSION: '3.10', FLAG: 'yes' },
    pip: ['numpy'],
    config: { values: { threshold: 0.5, on: true } },
  });
});

test('several documents are several servers; empty ones are none', async (t) => {
  const root = await makeTree(t, { 's.yaml': '---\nentrypoint: a.py\n---\n# nothing\n---\nentrypoint: b.py\nenv: [A=1]\n' });
  const documents = await readSpellYaml(join(root, 's.yaml'));
  assert.deepEqual(
    documents.map(({ said }) => said.entrypoint?.value),
    ['a.py', 'b.py'],
  );
  assert.deepEqual(documents[1]?.said.env?.value, ['A=1']);
});

for (const [what, text, says, hint] of [
  ['an unknown key', 'entrypoint: a.py\nmin-pod: 2\n', /s\.yaml:2: there is no setting "min-pod"/, /did you mean min-pods\?/],
  ['a key twice', 'entrypoint: a.py\nmin-pods: 1\nmin_pods: 2\n', /s\.yaml:3: min-pods stands twice/, /./],
  ['a key without a value', 'entrypoint:\n', /s\.yaml:1: entrypoint has no value/, /./],
  ['a list', '- a\n', /s\.yaml:1: it is not a mapping/, /entrypoint/],
  ['no YAML', 'a: [1\n', /s\.yaml:\d: /, /./],
  ['nothing', '# nothing\n', /s\.yaml is empty/, /entrypoint/],
  ['a mapping where a text is wanted', 'env:\n  A: {b: 1}\n', /s\.yaml:1: env: one of its values is not a text/, /./],
] as const) {
  test(`spell.yaml with ${what} is refused, with the line`, async (t) => {
    const root = await makeTree(t, { 's.yaml': text });
    await assert.rejects(readSpellYaml(join(root, 's.yaml')), { code: 'bad-setting', message: says, hint });
  });
}

test('a value in spell.yaml that is wrong is named with its line', async (t) => {
  const root = await makeTree(t, { 's.yaml': 'entrypoint: a.py\nmin-pods: two\n' });
  const [document] = await readSpellYaml(join(root, 's.yaml'));
  await assert.rejects(readSettings(document?.said ?? {}, env), {
    code: 'bad-setting',
    message: /s\.yaml:2: min-pods: "two" is not a number/,
  });
});
