import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findGpus } from './find-gpus.ts';

/** What is found where `nvidia-smi` is this script; null: there is none. */
async function found(t: TestContext, script: string | null, env: NodeJS.ProcessEnv = {}): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-gpus-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  if (script !== null) await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return findGpus({ PATH: folder, ...env }, t.signal);
}

const skip = process.platform === 'win32';
const driverFails = 'echo "NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver."; exit 9';

test('without nvidia-smi there are no GPUs', { skip }, async (t) => {
  assert.deepEqual(await found(t, null), []);
});

test('where NVIDIA finds none there are none', { skip }, async (t) => {
  assert.deepEqual(await found(t, "echo 'No devices were found'"), []);
});

test('each row is one', { skip }, async (t) => {
  assert.deepEqual(await found(t, "echo '0, GPU-5f2c'; echo '1, GPU-77ab'"), [0, 1]);
});

test('a driver that does not work is told of in its own words', { skip }, async (t) => {
  await assert.rejects(found(t, driverFails), {
    message: "nvidia-smi fails: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  });
});

test('a driver that is left alone by CUDA_VISIBLE_DEVICES is not asked', { skip }, async (t) => {
  for (const said of ['', 'MIG-77ab']) assert.deepEqual(await found(t, driverFails, { CUDA_VISIBLE_DEVICES: said }), []);
});

test('a driver that never answers is not waited for any longer than one wants', { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-gpus-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  execFileSync('mkfifo', [join(folder, 'asked')]);
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\necho > '${join(folder, 'asked')}'\nread -r never < '${join(folder, 'asked')}'\n`, { mode: 0o755 }); // biome-ignore format: one line
  const wanted = new AbortController();
  const finding = findGpus({ PATH: folder }, wanted.signal);
  await readFile(join(folder, 'asked'));
  wanted.abort();
  await assert.rejects(finding, { message: 'nvidia-smi does not answer' });
});
