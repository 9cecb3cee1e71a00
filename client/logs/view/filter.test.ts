import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../runtime/api/objects.ts';
import { type FilterChoice, makeFilter, noFilter } from './filter.ts';
import { findSourceLink } from './source-link.ts';

function line(text: string, more: Partial<LogLine> = {}): LogLine {
  const place = { position: '2026-01-01T00:00:00.000Z-000000', time: '2026-01-01T00:00:00.000Z', pod: 'a', worker: 0 };
  return { ...place, stream: 'stdout', level: null, requestId: null, text, ...more };
}

const lines = [
  line('loaded'),
  line('ready', { worker: null, stream: 'lifecycle', level: 'info', pod: 'b' }),
  line('Größe 1.5', { level: 'DEBUG' }),
  line('careful', { level: 'WARNING' }),
  line('Traceback', { stream: 'stderr' }),
  line('ValueError: loaded twice', { level: 'ERROR' }),
];

function passing(choice: Partial<FilterChoice>): string[] {
  const { judge } = makeFilter({ ...noFilter, ...choice });
  return lines.filter((each) => judge(each) !== 'hidden').map(({ text }) => text);
}

test('lines pass by level, where what stderr says without one is a warning', () => {
  assert.equal(passing({}).length, lines.length);
  assert.deepEqual(passing({ level: 'info' }), ['loaded', 'ready', 'careful', 'Traceback', 'ValueError: loaded twice']);
  assert.deepEqual(passing({ level: 'warning' }), ['careful', 'Traceback', 'ValueError: loaded twice']);
  assert.deepEqual(passing({ level: 'error' }), ['ValueError: loaded twice']);
});

test('lines pass by pod, by a text in any case, by a regular expression', () => {
  assert.deepEqual(passing({ pod: 'b' }), ['ready']);
  assert.deepEqual(passing({ text: 'LOADED' }), ['loaded', 'ValueError: loaded twice']);
  assert.deepEqual(passing({ text: '.' }), ['Größe 1.5']);
  assert.deepEqual(passing({ text: '^.{5}$', isRegex: true }), ['ready']);
  assert.deepEqual(passing({ text: 'loaded', hidesOthers: false }).length, lines.length);
});

test('what is no regular expression says why, and hides nothing', () => {
  const filter = makeFilter({ ...noFilter, text: '(', isRegex: true });
  assert.match(filter.error ?? '', /Unterminated group/);
  assert.ok(lines.every((each) => filter.judge(each) === 'shown'));
});

test('markers of the panel always pass and are never found', () => {
  const filter = makeFilter({ ...noFilter, text: 'lost', level: 'error', pod: 'a' });
  assert.equal(filter.judge({ marker: 'lost' }), 'shown');
});

test('a text is marked wherever it is, in what a terminal would show; what is empty is not', () => {
  const filter = makeFilter({ ...noFilter, text: 'ab' });
  assert.deepEqual(filter.found('ab xABab'), [
    [0, 2],
    [4, 6],
    [6, 8],
  ]);
  assert.equal(filter.judge(line('\u001b[31ma\u001b[0mb')), 'found');
  assert.deepEqual(makeFilter({ ...noFilter, text: 'x*', isRegex: true }).found('axxa'), [[1, 3]]);
});

test("a traceback's line leads to a file; others do not", () => {
  assert.deepEqual(findSourceLink('  File "/code/my predictor.py", line 12, in predict'), {
    ...{ start: 2, end: 39, path: '/code/my predictor.py', line: 12 },
  });
  assert.equal(findSourceLink('  File "<string>", line 1, in <module>'), undefined);
  assert.equal(findSourceLink('File not found, line 3'), undefined);
});
