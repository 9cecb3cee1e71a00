import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { Resource, ResourceDetail } from '../../runtime/api/objects.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

/** So large that it is certainly not sent when its first bytes have arrived. */
const largeBytes = 64 * 2 ** 20;

describe('SIGKILL of spelld while files are being sent', () => {
  let home: TestHome;
  let project: string;
  let incoming: string;
  before(async () => {
    home = await makeHome();
    project = join(home.folder, 'project');
    incoming = join(home.home, 'contents', 'incoming');
    await mkdir(project);
    await home.ok(['upload', spellStub, '--name', 'acknowledged']);
  });
  after(() => home.close());

  it('an upload goes on with the next control plane, and what was acknowledged before is there', async () => {
    await writeLarge(join(project, 'weights.bin'), 1);
    await writeFile(join(project, 'small.txt'), 'small');
    const upload = start(['upload', '.', '--name', 'large']);
    await killMidway();
    assert.deepEqual(await upload, { status: 0, stderr: '' });
    const large = await home.json<ResourceDetail[]>(['ls']);
    assert.deepEqual(
      large.map(({ path }) => path),
      ['uploads/acknowledged', 'uploads/large'],
    );
    await home.ok(['cp', 'uploads/large', join(home.folder, 'back')]);
    const [sent, back] = await Promise.all([project, join(home.folder, 'back')].map((folder) => readFile(join(folder, 'weights.bin'))));
    assert.ok(sent?.equals(back as Buffer), 'it came back as it was');
  });

  it('a run is registered once, whole, with all that it made', async () => {
    await rm(join(project, 'weights.bin'));
    const run = start(['run', '--', 'sh', '-c', `head -c ${largeBytes} /dev/zero | tr '\\0' x > weights.bin; echo done; exit 7`]);
    await killMidway();
    const { status, stderr } = await run;
    assert.deepEqual([status, /^runs\/1: failed with exit status 7 .*; saved 1 file, 64.0 MiB\n$/m.test(stderr)], [7, true], stderr);
    const runs = await home.json<Resource[]>(['runs']);
    assert.deepEqual(
      runs.map(({ path, size }) => [path, size]),
      [['runs/1', largeBytes]],
    );
    assert.equal(await home.ok(['runs', 'logs', '1']), 'done\n');
  });

  it('of an upload that dies with the control plane nothing is registered, and another one needs only what is missing', async () => {
    await writeLarge(join(project, 'weights.bin'), 2);
    const child = spawn(process.execPath, [spellStub, 'upload', '.', '--name', 'lost'], options());
    const ended = once(child, 'exit');
    await killMidway(() => child.kill('SIGKILL'));
    await ended;
    await eventually(async () => assert.equal((await home.spell(['status'])).status, 0), 10_000);
    assert.equal((await home.spell(['ls', 'uploads/lost'])).status, 3);
    await home.ok(['upload', project, '--name', 'lost']);
    assert.equal((await home.json<ResourceDetail[]>(['ls', 'uploads/lost'])).length, 2);
    assert.deepEqual(readdirSync(incoming), [], 'nothing half is left');
  });

  /** Kills the control plane when it has a part of a large content, and no more than that. */
  async function killMidway(also: () => void = () => {}): Promise<void> {
    const { processes } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as { processes: { spelld: number } };
    await eventually(() => {
      const sizes = readdirSync(incoming).map((entry) => statSync(join(incoming, entry), { throwIfNoEntry: false })?.size ?? 0);
      assert.ok(sizes.some((size) => size > 2 ** 20));
    }, 30_000);
    process.kill(processes.spelld, 'SIGKILL');
    also();
  }

  /** Runs `spell …` in the project, quietly for as long as all goes well. */
  async function start(args: string[]): Promise<{ status: number; stderr: string }> {
    const child = spawn(process.execPath, [spellStub, ...args, ...(args[0] === 'upload' ? ['--quiet'] : [])], options());
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
    return { status, stderr };
  }

  function options() {
    return {
      cwd: project,
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'],
    };
  }
});

async function writeLarge(path: string, seed: number): Promise<void> {
  const handle = await open(path, 'w');
  const mebibyte = Buffer.alloc(2 ** 20, seed);
  for (let index = 0; index < largeBytes / mebibyte.length; index++) {
    mebibyte.writeUInt32LE(index);
    await handle.write(mebibyte);
  }
  await handle.close();
}
