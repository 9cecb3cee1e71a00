import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunLogLine } from '../../api/objects.ts';
import { RunLog } from './run-log.ts';

async function makeLog(t: TestContext, keep?: number): Promise<{ log: RunLog; end(): Promise<RunLogLine[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const log = new RunLog({ folder, now: () => new Date('2026-01-01T00:00:00Z'), ...(keep === undefined ? {} : { keep }) });
  const end = async (): Promise<RunLogLine[]> =>
    (await readFile(await log.end(), 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunLogLine]));
  return { log, end };
}

const texts = (lines: RunLogLine[]): string[] => lines.map(({ stream, text }) => `${stream}: ${text}`);

test('lines are those of each stream, whatever the pieces they came in; of a progress bar the last state stays', async (t) => {
  const { log, end } = await makeLog(t);
  const euro = Buffer.from('1 €\n');
  await log.add('stdout', euro.subarray(0, 3));
  await log.add('stderr', Buffer.from('\r10%\r20%'));
  await log.add('stdout', euro.subarray(3));
  await log.add('stderr', Buffer.from('\r100%\n'));
  await log.add('stdout', Buffer.from('windows\r\n\nno end'));
  const lines = await end();
  assert.deepEqual(texts(lines), ['stdout: 1 €', 'stderr: 100%', 'stdout: windows', 'stdout: ', 'stdout: no end']);
  assert.equal(lines[0]?.time, '2026-01-01T00:00:00.000Z');
});

test('a command that printed nothing has an empty log', async (t) => {
  const { end } = await makeLog(t);
  assert.deepEqual(await end(), []);
});

test('a log that is too long keeps its end, and says how many lines it lost', async (t) => {
  const keep = 20_000;
  const { log, end } = await makeLog(t, keep);
  for (let number = 1; number <= 1000; number++) await log.add('stdout', Buffer.from(`line ${number}\n`));
  const [first, second, ...others] = await end();
  const dropped = Number(/^([0-9]+) older lines were not kept$/.exec(first?.text ?? '')?.[1]);
  assert.equal(first?.stream, 'lifecycle');
  assert.equal(second?.text, `line ${dropped + 1}`);
  assert.equal(others.at(-1)?.text, 'line 1000');
  assert.equal(others.length + 1 + dropped, 1000);
  assert.ok(JSON.stringify(others).length >= keep / 2 && JSON.stringify(others).length <= keep * 1.1);
});
