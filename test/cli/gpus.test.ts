import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LogLine, MetricsPoint, ModelServer, Pod, Status } from '../../runtime/api/objects.ts';
import { eventually } from '../harness/eventually.ts';
import { fakeNvidiaSmi, sleepingDriver } from '../harness/fake-nvidia-smi.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { processesOfHome } from '../harness/processes.ts';

const predictor = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        print("sees", os.environ.get("CUDA_VISIBLE_DEVICES"))

    def predict(self, payload):
        return {"sees": os.environ.get("CUDA_VISIBLE_DEVICES")}
`;

describe('gpu-limit, on a machine with two GPUs', { skip: process.platform === 'win32' }, () => {
  let home: TestHome;
  let env: Record<string, string>;
  before(async () => {
    home = await makeHome();
    env = { PATH: await fakeNvidiaSmi(join(home.folder, 'bin'), 2) };
    await mkdir(join(home.folder, 'project'));
    await writeFile(join(home.folder, 'project/predictor.py'), predictor);
    await home.ok(['up'], { env });
  });
  after(() => home.close());

  const serve = (name: string, ...more: string[]): Promise<string> =>
    home.ok(['server', 'serve', '--name', name, ...more, 'project/predictor.py'], { env });
  const described = (name: string): Promise<ModelServer> => home.json<ModelServer>(['server', 'describe', name]);
  const seenBy = async (name: string): Promise<unknown> => JSON.parse(await home.ok(['server', 'predict', name, '--json', '{}']));
  /** Which GPUs each pod has, and which ones it printed that it sees. */
  const shared = async (name: string): Promise<[number[] | undefined, string | undefined][]> => {
    const lines = await home.json<LogLine[]>(['server', 'logs', name]);
    return (await described(name)).podList.map(({ id, gpus }: Pod) => [
      gpus,
      lines.find(({ pod, text }) => pod === id && text.startsWith('sees'))?.text,
    ]);
  };

  it('a fraction is refused, in the command and in spell.yaml', async () => {
    const ended = await home.spell(['server', 'serve', '--name', 'half', '--gpu-limit', '0.5', 'project/predictor.py'], { env });
    assert.equal(ended.status, 2);
    assert.match(ended.stderr, /--gpu-limit: 0\.5 is not a whole number\n.*how many GPUs each pod gets to itself, whole ones/);
    await writeFile(join(home.folder, 'project/half.yaml'), 'server-name: half\nentrypoint: predictor.py\ngpu-limit: 0.5\n');
    const file = await home.spell(['server', 'serve', '--from-file', 'project/half.yaml'], { env });
    assert.equal(file.status, 2);
    assert.match(file.stderr, /gpu-limit: 0\.5 is not a whole number/);
  });

  it('each pod has GPUs that no other has, describe says which, and who asks for none sees none', async () => {
    await serve('pair', '--gpu-limit', '1', '--min-pods', '2');
    assert.deepEqual((await shared('pair')).sort(), [
      [[0], 'sees 0'],
      [[1], 'sees 1'],
    ]);
    const text = await home.ok(['server', 'describe', 'pair']);
    assert.match(text, /each pod: 1 GPU, which no other pod has/);
    assert.match(text, /pids \d+ {2}GPUs 0$/m);
    await serve('none');
    assert.deepEqual(await seenBy('none'), { sees: '' });
    await serve('shares', '--env', 'CUDA_VISIBLE_DEVICES=1');
    assert.deepEqual(await seenBy('shares'), { sees: '1' });
  });

  it('memory and use of GPUs stand beside those of the processors, and are asked for only while a pod has some', async () => {
    const asked = async (): Promise<boolean> => /memory\.used/.test(await readFile(join(home.folder, 'bin/asked'), 'utf8'));
    await eventually(async () => {
      const [point] = (await home.json<MetricsPoint[]>(['server', 'metrics', 'pair'])).slice(-1);
      assert.deepEqual([point?.gpuMemoryBytes, point?.gpuUtilization], [3 * 2 ** 30, 0.6]);
    }, 30_000);
    assert.ok(await asked());
    assert.match(await home.ok(['server', 'metrics', 'pair']), /MEMORY +GPU +GPU MEMORY +PODS[\s\S]* 60 % +3\.0 GiB +2 /);
    const { metricsUrl } = await home.json<Status>(['status']);
    const text = await (await fetch(metricsUrl)).text();
    const samples = (metric: string): string[] =>
      [...text.matchAll(new RegExp(`^${metric}{owner="local",server="(\\w+)",pod="[^"]+"} (.*)$`, 'gm'))].map(([, name, value]) => `${name} ${value}`).sort(); // biome-ignore format: one line
    assert.deepEqual(samples('spell_pod_gpu_memory_bytes'), [`pair ${2 ** 30}`, `pair ${2 ** 31}`]);
    assert.deepEqual(samples('spell_pod_gpu_utilization_ratio'), ['pair 0.6']);
    await home.ok(['server', 'stop', 'pair']);
    await writeFile(join(home.folder, 'bin/asked'), '');
    const since = new Date().toISOString();
    await eventually(async () => {
      const points = await home.json<MetricsPoint[]>(['server', 'metrics', 'none', '--step', '5s']);
      const later = points.filter(({ time }) => time > since);
      assert.ok(later.length >= 2);
      assert.ok(later.every((point) => !('gpuMemoryBytes' in point)));
    }, 30_000);
    assert.ok(!(await asked()));
    await home.ok(['server', 'start', 'pair']);
  });

  it('more than are free, or more than there are, is unschedulable with the count; what ends gives its own back', async () => {
    await serve('waits', '--gpu-limit', '2', '--detach');
    await serve('never', '--gpu-limit', '3', '--detach');
    await eventually(async () => {
      assert.equal(
        (await described('waits')).reason,
        '1 pod is unschedulable: each pod needs 2 GPUs (gpu-limit), and of 2 GPUs that this machine has 0 GPUs are free',
      );
      assert.equal(
        (await described('never')).reason,
        '1 pod is unschedulable: each pod needs 3 GPUs (gpu-limit), and this machine has 2 GPUs',
      );
    }, 20_000);
    await home.ok(['server', 'rm', '--force', 'never']);
    await home.ok(['server', 'stop', 'pair']);
    await eventually(async () => assert.equal((await described('waits')).state, 'running'), 20_000);
    assert.deepEqual(await shared('waits'), [[[0, 1], 'sees 0,1']]);
  });

  it('a control plane that was killed knows after its return who has which, and gives none of them away', async () => {
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    process.kill(processes.spelld, 'SIGKILL');
    await eventually(async () => {
      const returned = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
      assert.notEqual(returned.processes.spelld, processes.spelld);
      assert.deepEqual((await described('waits')).podList.map(({ gpus }) => gpus), [[0, 1]]); // biome-ignore format: one line
    }, 20_000);
    await serve('late', '--gpu-limit', '1', '--detach');
    await eventually(async () => assert.match((await described('late')).reason ?? '', /of 2 GPUs .* 0 GPUs are free$/), 20_000);
    await home.ok(['server', 'rm', '--force', 'late']);
  });

  it('an update without room fails at once and names --recreate, which does it', async () => {
    const update = ['server', 'update', 'waits', '--description', 'new'];
    const ended = await home.spell(update, { env });
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /revision 2 has no room beside revision 1: each pod needs 2 GPUs \(gpu-limit\)/);
    assert.match(ended.stderr, /--recreate/);
    assert.equal((await described('waits')).state, 'running');
    await home.ok([...update, '--recreate'], { env });
    assert.deepEqual(await shared('waits'), [[[0, 1], 'sees 0,1']]);
  });

  it('a pod that has lost its GPUs with the gateway, to a driver that fails, says so and what to look at', async () => {
    await writeFile(join(home.folder, 'bin/nvidia-smi'), '#!/bin/sh\necho "NVIDIA-SMI has failed"; exit 9\n');
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    process.kill(processes.gateway ?? assert.fail(), 'SIGKILL');
    await eventually(async () => {
      const { stdout } = await home.spell(['server', 'describe', 'waits']);
      assert.match(stdout, /the limits of the pod cannot be kept: it needs 2 GPUs, and nvidia-smi fails: NVIDIA-SMI has failed/);
      assert.match(stdout, /see what `nvidia-smi` prints on this machine/);
    }, 20_000);
    assert.deepEqual(await seenBy('none'), { sees: '' });
  });
});

describe('gpu-limit, on a machine whose driver sleeps', { skip: process.platform === 'win32' }, () => {
  let home: TestHome;
  let env: Record<string, string>;
  let bin: string;
  let driver: { wake(): Promise<void> };
  before(async () => {
    home = await makeHome();
    bin = join(home.folder, 'bin');
    driver = await sleepingDriver(bin);
    env = { PATH: await fakeNvidiaSmi(bin, 1) };
    await mkdir(join(home.folder, 'project'));
    await writeFile(join(home.folder, 'project/predictor.py'), predictor);
  });
  after(() => home.close());

  const serve = (name: string, ...more: string[]): Promise<string> =>
    home.ok(['server', 'serve', '--name', name, ...more, 'project/predictor.py'], { env });
  const described = (name: string): Promise<ModelServer> => home.json<ModelServer>(['server', 'describe', name]);
  const seenBy = async (name: string): Promise<unknown> => JSON.parse(await home.ok(['server', 'predict', name, '--json', '{}']));

  it('who asks for no GPU serves, and sees none; who asks for one waits for the driver, and is told so', async () => {
    await serve('none');
    assert.deepEqual(await seenBy('none'), { sees: '' });
    await serve('one', '--gpu-limit', '1', '--detach');
    const waits = '1 pod is unschedulable: each pod needs 1 GPU (gpu-limit), and nvidia-smi has not said yet how many this machine has';
    await eventually(async () => assert.equal((await described('one')).reason, waits), 20_000);
    await driver.wake();
    await eventually(async () => assert.equal((await described('one')).state, 'running'), 20_000);
    assert.deepEqual(await seenBy('one'), { sees: '0' });
  });

  it('a gateway that starts again while the driver sleeps gives it to nobody else, and ends without it', async () => {
    await sleepingDriver(bin);
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as Status;
    process.kill(processes.gateway ?? assert.fail(), 'SIGKILL');
    await eventually(async () => assert.deepEqual(await seenBy('none'), { sees: '' }), 20_000);
    await serve('late', '--gpu-limit', '1', '--detach');
    await eventually(
      async () => assert.match((await described('late')).reason ?? '', /of 1 GPU that this machine has 0 GPUs are free$/),
      20_000,
    );
    await home.ok(['down']);
    assert.deepEqual(await processesOfHome(home.home), []);
  });
});
