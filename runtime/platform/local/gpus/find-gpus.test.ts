import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findGpus } from './find-gpus.ts';

/** What is found, and said, where `nvidia-smi` is this script; null: there is none. */
async function found(t: TestContext, script: string | null): Promise<{ gpus: number[]; said: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-gpus-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  if (script !== null) await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const said: string[] = [];
  const gpus = await findGpus({ PATH: folder }, (line) => said.push(line));
  return { gpus, said };
}

const skip = process.platform === 'win32';

test('without nvidia-smi there are no GPUs, and nothing has to be said of it', { skip }, async (t) => {
  assert.deepEqual(await found(t, null), { gpus: [], said: [] });
});

test('where NVIDIA finds none there are none', { skip }, async (t) => {
  assert.deepEqual(await found(t, "echo 'No devices were found'"), { gpus: [], said: [] });
});

test('each row is one', { skip }, async (t) => {
  const { gpus } = await found(t, "echo '0, GPU-5f2c'; echo '1, GPU-77ab'");
  assert.deepEqual(gpus, [0, 1]);
});

test('a driver that does not work means no GPUs, and is told of in its own words', { skip }, async (t) => {
  const { gpus, said } = await found(t, 'echo "NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver."; exit 9');
  assert.deepEqual(gpus, []);
  assert.deepEqual(said, [
    "no pod gets a GPU: nvidia-smi fails: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  ]);
});
