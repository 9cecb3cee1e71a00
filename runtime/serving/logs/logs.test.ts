import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { LogLine } from '../../api/objects.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { parseWorkerLine } from '../wire/log-line.ts';
import { BoundedFile, maxFileBytes } from './bounded-file.ts';
import { LineSplitter, maxLineLength } from './line-splitter.ts';
import { readLogs } from './read.ts';
import { ServerLogs } from './server-logs.ts';

describe('lines of a worker', () => {
  it('carry their request and level, or are raw', () => {
    assert.deepEqual(parseWorkerLine('\x1ereq-1\x1fINFO\x1fhello\x1f there'), {
      requestId: 'req-1',
      batch: null,
      level: 'INFO',
      text: 'hello\x1f there',
    });
    assert.deepEqual(parseWorkerLine('\x1e\x1f\x1fstarting'), { requestId: null, batch: null, level: null, text: 'starting' });
    assert.equal(parseWorkerLine('\x1e\x1dw0-7\x1f\x1fof several').batch, 'w0-7');
    assert.deepEqual(parseWorkerLine('plain'), { requestId: null, batch: null, level: null, text: 'plain' });
    assert.deepEqual(parseWorkerLine('\x1etorn'), { requestId: null, batch: null, level: null, text: 'torn' });
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

describe('logs', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spell-logs-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const texts = (lines: LogLine[]): string[] => lines.map(({ pod, text }) => `${pod}: ${text}`);

  it('of all pods are read merged by time, the last ones only if so wished, and torn lines are passed over', async () => {
    const clock = new FakeClock();
    const logs = new ServerLogs(join(folder, 'merged'), clock);
    const [one, two] = [logs.openPod('p-1'), logs.openPod('p-2')];
    for (let count = 0; count < 6; count++) {
      (count % 2 === 0 ? one : two).lifecycle(`line ${count}`);
      clock.advance(1);
    }
    await logs.flush();
    await appendFile(join(folder, 'merged', 'p-1.jsonl'), '{"time":"2026-01-01T0');
    const all = ['p-1: line 0', 'p-2: line 1', 'p-1: line 2', 'p-2: line 3', 'p-1: line 4', 'p-2: line 5'];
    assert.deepEqual(texts(await readLogs(join(folder, 'merged'))), all);
    assert.deepEqual(texts(await readLogs(join(folder, 'merged'), { tail: 2 })), all.slice(-2));
    assert.deepEqual(texts(await readLogs(join(folder, 'merged'), { pod: 'p-2', tail: 2 })), ['p-2: line 3', 'p-2: line 5']);
    assert.deepEqual(await readLogs(join(folder, 'nowhere')), []);
    await Promise.all(['p-1', 'p-2'].map((pod) => logs.closePod(pod)));
  });

  it('are followed without a gap and without a line twice, also across pods that come later', async () => {
    const clock = new FakeClock();
    const logs = new ServerLogs(join(folder, 'followed'), clock);
    const pod = logs.openPod('p-1');
    pod.lifecycle('written');
    await logs.flush();
    pod.lifecycle('waiting to be written');
    const seen: string[] = [];
    const following = logs.follow({ tail: 10 }, (line) => seen.push(line.text));
    pod.lifecycle('while the files are read');
    const stop = await following;
    pod.lifecycle('live');
    logs.openPod('p-2').lifecycle('new pod');
    clock.advance(100);
    await logs.flush();
    assert.deepEqual(seen, ['written', 'waiting to be written', 'while the files are read', 'live', 'new pod']);
    stop();
    pod.lifecycle('unheard');
    assert.equal(seen.length, 5);
    assert.equal((await readLogs(join(folder, 'followed'))).length, 6 - 1);
    await Promise.all(['p-1', 'p-2'].map((each) => logs.closePod(each)));
    assert.equal((await readLogs(join(folder, 'followed'))).length, 6);
  });

  it('say which worker and request printed a line, and keep the last lines for when it fails', async () => {
    const logs = new ServerLogs(join(folder, 'printed'), new FakeClock());
    const pod = logs.openPod('p-1');
    const stdout = new PassThrough();
    pod.collect(1, stdout, 'stdout');
    stdout.write('\x1er-7\x1fWARNING\x1fcareful: größe\n');
    for (let count = 0; count < 60; count++) stdout.write(`line ${count}\n`);
    stdout.end('without a line feed');
    await new Promise((resolve) => stdout.once('close', resolve));
    await logs.closePod('p-1');
    const [first, ...rest] = await readLogs(join(folder, 'printed'));
    assert.deepEqual(
      { ...first, time: '' },
      { time: '', pod: 'p-1', worker: 1, stream: 'stdout', level: 'WARNING', requestId: 'r-7', text: 'careful: größe' },
    );
    assert.equal(rest.at(-1)?.text, 'without a line feed');
    assert.equal(pod.lastLines.length, 50);
    assert.equal(pod.lastLines.at(-1), 'without a line feed');
  });

  it('stay bounded: a full file becomes the former one, and what a disk cannot take is counted', async () => {
    const clock = new FakeClock();
    const path = join(folder, 'bounded', 'log');
    const file = new BoundedFile(path, clock, (count) => `dropped ${count}`);
    const line = 'x'.repeat(400_000);
    for (let round = 0; round < 25; round++) {
      file.append(line);
      file.append(line);
      if (round === 24) for (let more = 0; more < 5; more++) file.append(line);
      await file.flush();
    }
    await file.close();
    assert.ok((await stat(path)).size <= maxFileBytes);
    assert.ok((await stat(`${path}.1`)).size <= maxFileBytes);
    assert.match(await readFile(path, 'utf8'), /\ndropped 5\n$/);
  });
});
