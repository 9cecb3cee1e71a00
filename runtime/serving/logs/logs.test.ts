import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { LineSplitter, maxLineLength } from '../../api/line-splitter.ts';
import { positionBefore } from '../../api/log-position.ts';
import type { LogLine } from '../../api/objects.ts';
import { systemClock } from '../clock.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { until } from '../testing/until.ts';
import { parseWorkerLines } from '../wire/log-line.ts';
import { BoundedFile, maxFileBytes } from './bounded-file.ts';
import { Positions } from './positions.ts';
import { type LogSelection, readLogs } from './read.ts';
import { LogRetention } from './retention.ts';
import { ServerLogs } from './server-logs.ts';

describe('lines of a worker', () => {
  it('carry their request and level, or are raw', () => {
    assert.deepEqual(parseWorkerLines('\x1ereq-1\x1fINFO\x1fhello\x1f there'), [
      {
        requestId: 'req-1',
        batch: null,
        level: 'INFO',
        text: 'hello\x1f there',
      },
    ]);
    assert.deepEqual(parseWorkerLines('\x1e\x1f\x1fstarting'), [{ requestId: null, batch: null, level: null, text: 'starting' }]);
    assert.equal(parseWorkerLines('\x1e\x1dw0-7\x1f\x1fof several')[0]?.batch, 'w0-7');
    assert.deepEqual(parseWorkerLines('plain'), [{ requestId: null, batch: null, level: null, text: 'plain' }]);
    assert.deepEqual(parseWorkerLines('\x1etorn'), [{ requestId: null, batch: null, level: null, text: 'torn' }]);
  });

  it('that belong together come as one and are told apart', () => {
    const mark = { requestId: 'r', batch: null, level: 'ERROR' };
    assert.deepEqual(
      parseWorkerLines('\x1er\x1fERROR\x1f\x1cTraceback\x1c\x1c  at'),
      ['Traceback', '', '  at'].map((text) => ({ ...mark, text })),
    );
  });

  it('are put together from pieces, and cut where they are endless', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const piece of ['a', 'b\nc\r\n', '\nd', `${'x'.repeat(maxLineLength + 10)}`, '\ne']) splitter.push(piece);
    splitter.end();
    assert.deepEqual(
      lines.map((line) => (line.length > 20 ? line.length : line)),
      ['ab', 'c', '', maxLineLength, 'x'.repeat(11), 'e'],
    );
  });
});

describe('positions', () => {
  it('only grow: with the clock, within a millisecond, and when the clock is set back', () => {
    const positions = new Positions(0);
    const at = (ms: number): string => positions.next(new Date(ms)).position;
    assert.deepEqual(
      [at(1), at(1), at(2), at(1), at(3)],
      ['001Z-000000', '001Z-000001', '002Z-000000', '002Z-000001', '003Z-000000'].map((end) => `1970-01-01T00:00:00.${end}`),
    );
    const full = new Positions(0);
    for (let count = 0; count < 1_000_000; count++) full.next(new Date(0));
    assert.equal(full.last, '1970-01-01T00:00:00.001Z-000000');
    assert.equal(positionBefore(full.last), '1970-01-01T00:00:00.000Z-999999');
  });
});

describe('logs', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spell-logs-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const all = (name: string, selection?: LogSelection): Promise<LogLine[]> => Array.fromAsync(readLogs(join(folder, name), selection));
  const texts = (lines: LogLine[]): string[] => lines.map(({ pod, text }) => `${pod}: ${text}`);
  const read = (stored: string): LogLine => JSON.parse(stored) as LogLine;

  it('of all pods are read merged by position, from a position or the last ones only if so wished, and torn lines are passed over', async () => {
    const clock = new FakeClock();
    const logs = new ServerLogs(join(folder, 'merged'), clock, new LogRetention(folder));
    const [one, two] = [logs.openPod('p-1'), logs.openPod('p-2')];
    for (let count = 0; count < 6; count++) {
      (count % 2 === 0 ? one : two).lifecycle(`line ${count}`);
      if (count > 2) clock.advance(1);
    }
    await logs.flush();
    await appendFile(join(folder, 'merged', 'p-1.jsonl'), '{"position":"2026-01-01T00:00:09.000Z-000000","time":"20\n{"position":"2026');
    const lines = ['p-1: line 0', 'p-2: line 1', 'p-1: line 2', 'p-2: line 3', 'p-1: line 4', 'p-2: line 5'];
    const merged = await all('merged');
    assert.deepEqual(texts(merged), lines);
    for (const [index, { position }] of merged.entries())
      assert.deepEqual(texts(await all('merged', { since: position })), lines.slice(index + 1));
    assert.deepEqual(texts(await all('merged', { tail: 3, since: merged[4]?.position })), lines.slice(5));
    assert.deepEqual(texts(await all('merged', { pod: 'p-2', tail: 2 })), ['p-2: line 3', 'p-2: line 5']);
    assert.deepEqual(texts(await all('merged', { pod: 'p-2', tail: 9 })), ['p-2: line 1', 'p-2: line 3', 'p-2: line 5']);
    assert.deepEqual(texts((await Array.fromAsync(logs.read({ tail: 2 }))).flat().map(read)), lines.slice(-2));
    assert.deepEqual(await all('merged', { tail: 0 }), []);
    assert.deepEqual(await all('nowhere'), []);
    await Promise.all(['p-1', 'p-2'].map((pod) => logs.closePod(pod)));
  });

  it('are followed without a gap and without a line twice, also across pods that come later, until they are removed', async () => {
    const clock = new FakeClock();
    const logs = new ServerLogs(join(folder, 'followed'), clock, new LogRetention(folder));
    const pod = logs.openPod('p-1');
    pod.lifecycle('written');
    await logs.flush();
    pod.lifecycle('waiting to be written');
    const seen: string[] = [];
    const following = (async () => {
      for await (const batch of logs.follow({ tail: 10 }, new AbortController().signal)) seen.push(...batch.map((line) => read(line).text));
    })();
    const expected = ['written', 'waiting to be written'];
    await until(() => seen.length === expected.length, 'what was there');
    for (const text of ['live', 'new pod', 'last']) {
      (text === 'new pod' ? logs.openPod('p-2') : pod).lifecycle(text);
      expected.push(text);
      await until(() => {
        clock.advance(100);
        return seen.length === expected.length;
      }, text);
    }
    assert.deepEqual(seen, expected);
    await Promise.all(['p-1', 'p-2'].map((each) => logs.closePod(each)));
    await logs.remove();
    await until(() => {
      clock.advance(100);
      return true;
    }, 'the end');
    await following;
  });

  it('are read whole by a slow reader, over every change of files, and one that was overtaken is told so', async () => {
    const clock = new FakeClock();
    const logs = new ServerLogs(join(folder, 'slow'), clock, new LogRetention(folder));
    const pod = logs.openPod('p-1');
    const long = 'x'.repeat(1000);
    let printed = 0;
    const print = async (megabytes: number): Promise<void> => {
      for (let count = 0; count < megabytes * 950; count++) {
        pod.lifecycle(`${printed++} ${long}`);
        if (count % 500 === 0) await logs.flush();
      }
      await logs.flush();
    };
    await print(1);
    const reading = logs.follow({}, new AbortController().signal);
    const numbers: number[] = [];
    const readUpTo = async (count: number): Promise<void> => {
      while (numbers.length < count) {
        let batch: string[] | undefined;
        void reading.next().then(({ value }) => (batch = value ?? []));
        await until(() => {
          clock.advance(100);
          return batch;
        }, 'lines');
        numbers.push(...(batch ?? []).map((line) => Number.parseInt(read(line).text, 10)));
      }
    };
    await readUpTo(100);
    await print(9);
    await readUpTo(printed - 200);
    await print(6);
    await readUpTo(printed);
    assert.deepEqual(
      numbers,
      Array.from({ length: printed }, (_, index) => index),
    );
    await print(30);
    await readUpTo(numbers.length + 9000);
    const gap = numbers.findIndex((number) => Number.isNaN(number));
    assert.ok(gap > 0 && (numbers[gap + 1] ?? 0) > (numbers[gap - 1] ?? 0) + 1, 'the gap is where lines are missing');
    await reading.return(undefined);
    await logs.closePod('p-1');
  });

  it('go on growing after a restart, so that a position from before still says where to go on', async () => {
    const before = new ServerLogs(join(folder, 'restarted'), systemClock, new LogRetention(folder));
    before.openPod('p-1').lifecycle('before');
    await before.closePod('p-1');
    const [last] = await all('restarted');
    const after = new ServerLogs(join(folder, 'restarted'), new FakeClock(), new LogRetention(folder));
    after.openPod('p-2').lifecycle('after, by a clock that was set back');
    await after.closePod('p-2');
    assert.deepEqual(texts(await all('restarted', { since: last?.position })), ['p-2: after, by a clock that was set back']);
  });

  it('say which worker and request printed a line, and keep the last lines for when it fails', async () => {
    const logs = new ServerLogs(join(folder, 'printed'), new FakeClock(), new LogRetention(folder));
    const pod = logs.openPod('p-1');
    const stdout = new PassThrough();
    pod.collect(1, stdout, 'stdout');
    stdout.write('\x1er-7\x1fWARNING\x1fcareful: größe\n');
    for (let count = 0; count < 60; count++) stdout.write(`line ${count}\n`);
    stdout.end('without a line feed');
    await new Promise((resolve) => stdout.once('close', resolve));
    await logs.closePod('p-1');
    const [first, ...rest] = await all('printed');
    assert.deepEqual(
      { ...first, position: '', time: '' },
      { position: '', time: '', pod: 'p-1', worker: 1, stream: 'stdout', level: 'WARNING', requestId: 'r-7', text: 'careful: größe' },
    );
    assert.equal(rest.at(-1)?.text, 'without a line feed');
    assert.equal(pod.lastLines.length, 50);
    assert.equal(pod.lastLines.at(-1), 'without a line feed');
  });

  it('of pods that are gone are kept while there is room in all, the newest, and those of running ones always', async () => {
    const root = join(folder, 'kept');
    const retention = new LogRetention(root, 5000);
    const write = async (server: string, pod: string, at: number): Promise<string> => {
      const path = join(root, 'local', server, `${pod}.jsonl`);
      await mkdir(dirname(path), { recursive: true });
      for (const file of [path, `${path}.1`]) {
        await writeFile(file, 'x'.repeat(1000));
        await utimes(file, at, at);
      }
      return path;
    };
    retention.begin(await write('a', 'running', 1));
    const crashed = await write('b', 'crashed', 3);
    await rm(crashed);
    await write('a', 'oldest', 2);
    await retention.end(await write('a', 'newest', 4));
    const files = await readdir(root, { recursive: true });
    assert.deepEqual(files.filter((file) => file.includes('.jsonl')).sort(), [
      ...['local/a/newest.jsonl', 'local/a/newest.jsonl.1', 'local/a/oldest.jsonl', 'local/a/oldest.jsonl.1'],
      ...['local/a/running.jsonl', 'local/a/running.jsonl.1', 'local/b/crashed.jsonl.1'],
    ]);
    await retention.end(await write('b', 'last', 5));
    assert.deepEqual((await readdir(join(root, 'local', 'a'))).sort(), [
      ...['newest.jsonl', 'newest.jsonl.1', 'running.jsonl', 'running.jsonl.1'],
    ]);
    assert.deepEqual((await readdir(join(root, 'local', 'b'))).sort(), ['crashed.jsonl.1', 'last.jsonl', 'last.jsonl.1']);
  });

  it('that a disk refused are counted, and said once it takes lines again', async () => {
    const path = join(folder, 'refused', 'log');
    const file = new BoundedFile(path, new FakeClock(), (count) => `dropped ${count}`);
    await writeFile(dirname(path), 'a file where the folder should be');
    for (const line of ['one', 'two']) file.append(line);
    await file.flush();
    await rm(dirname(path));
    file.append('three');
    await file.close();
    assert.equal(await readFile(path, 'utf8'), 'three\ndropped 2\n');
  });

  it('stay bounded: a full file becomes the former one, and what a disk cannot take is counted', async () => {
    const clock = new FakeClock();
    const path = join(folder, 'bounded', 'log');
    const file = new BoundedFile(path, clock, (count) => `dropped ${count}`);
    const line = 'x'.repeat(400_000);
    for (let round = 0; round < 25; round++) {
      file.append(line);
      file.append(line);
      if (round === 24) for (let more = 0; more < 8; more++) file.append(line);
      await file.flush();
    }
    await file.close();
    assert.ok((await stat(path)).size <= maxFileBytes);
    assert.ok((await stat(`${path}.1`)).size <= maxFileBytes);
    assert.match(await readFile(path, 'utf8'), /\ndropped 5\n$/);
  });
});
