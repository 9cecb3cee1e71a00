import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fakeControlPlane, makeCommand } from './testing.ts';

const createdAt = '2026-01-01T00:00:00.000Z';

describe('resources', () => {
  const detail = {
    path: 'uploads/odd',
    size: 6,
    files: 2,
    createdAt,
    creator: 'ada',
    entries: [
      { path: 'été 夏/a b 🎈.txt', size: 4, digest: 'sha256:0f60e1d6e4b5b3f8c6b9a5e1a5a3d9d3a2f5f0a0c2c3b6c1d9f5e8a7b6c5d4e3' },
      { path: 'run.sh', size: 2, digest: 'sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4', executable: true },
    ],
  };

  test('ls lists resources, a folder with its size, a file; what is not there is 3', async (t) => {
    const { spell, home } = await makeCommand(t);
    await fakeControlPlane(t, home, { 'GET /resources': [detail], 'GET /resources/uploads/odd': detail });
    const paths = async (...args: string[]): Promise<string[]> =>
      (JSON.parse((await spell(['ls', ...args, '-o', 'json'])).stdout) as { path: string }[]).map(({ path }) => path);
    assert.deepEqual(await paths(), ['uploads/odd']);
    assert.deepEqual(await paths('runs'), []);
    assert.deepEqual(await paths('uploads/odd/'), ['uploads/odd/été 夏/', 'uploads/odd/run.sh']);
    assert.deepEqual(await paths('uploads/odd/run.sh'), ['uploads/odd/run.sh']);
    assert.equal((await spell(['ls', 'uploads/odd/rum.sh'])).status, 3);
    assert.equal((await spell(['ls', 'somewhere'])).status, 2);
    assert.match((await spell(['ls', 'uploads/odd'])).stdout, /^SIZE {2}DATE {17}PATH\n4 B {3}2026-01-01 .* {2}uploads\/odd\/été 夏\/\n/);
  });

  test('cp copies like cp -r, keeps the executable bit, and overwrites only when told', async (t) => {
    const { spell, home, cwd } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home, { 'GET /resources/uploads/odd': { ...detail, entries: detail.entries.slice(1) } });
    plane.answers[`GET /contents/${encodeURIComponent(detail.entries[1]?.digest ?? '')}`] = (
      _: unknown,
      response: ServerResponse,
    ): unknown => response.end('hi');
    await mkdir(join(cwd, 'there'));
    for (const args of [[], ['new'], ['there']]) assert.equal((await spell(['cp', 'uploads/odd', ...args])).status, 0);
    for (const folder of ['odd', 'new', 'there/odd']) assert.equal(await readFile(join(cwd, folder, 'run.sh'), 'utf8'), 'hi');
    assert.ok((await stat(join(cwd, 'odd/run.sh'))).mode & 0o100);
    assert.equal((await spell(['cp', 'uploads/odd/run.sh', 'there'])).status, 0);
    const again = await spell(['cp', 'uploads/odd/run.sh', 'there']);
    assert.deepEqual([again.status, /there\/run\.sh exists already/.test(again.stderr)], [1, true]);
    assert.equal((await spell(['cp', '--force', 'uploads/odd/run.sh', 'there'])).status, 0);
  });

  test('a copy that cannot be written says where', async (t) => {
    const { spell, home, cwd } = await makeCommand(t);
    await fakeControlPlane(t, home, { 'GET /resources/uploads/odd': { ...detail, entries: detail.entries.slice(1) } });
    await writeFile(join(cwd, 'a-file'), '');
    const { status, stderr } = await spell(['cp', 'uploads/odd', 'a-file/new']);
    assert.deepEqual([status, /a-file\/new\/run\.sh cannot be written/.test(stderr)], [2, true], stderr);
  });

  test('a content that arrives damaged leaves no file', async (t) => {
    const { spell, home, cwd } = await makeCommand(t);
    const plane = await fakeControlPlane(t, home, { 'GET /resources/uploads/odd': { ...detail, entries: detail.entries.slice(1) } });
    plane.answers[`GET /contents/${encodeURIComponent(detail.entries[1]?.digest ?? '')}`] = (
      _: unknown,
      response: ServerResponse,
    ): unknown => response.end('HI');
    assert.equal((await spell(['cp', 'uploads/odd', 'damaged'])).status, 1);
    assert.deepEqual(await readdir(join(cwd, 'damaged')), []);
  });

  test('model create asks for what is missing with the full command', async (t) => {
    const { spell } = await makeCommand(t);
    const { status, stderr } = await spell(['model', 'create', 'cifar']);
    assert.equal(status, 2);
    assert.match(stderr, /hint: .*spell model create cifar uploads\/NAME/);
  });
});
