import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../runtime/api/objects.ts';
import { logText } from './log-text.ts';

test('a line says when, which pod and which worker; one of the pod itself has no worker', () => {
  const line: LogLine = {
    ...{
      position: '2026-11-22T21:05:02.001Z-000000',
      time: '2026-11-22T21:05:02.001Z',
      pod: 'digits-3-a1b2c',
      worker: 1,
      stream: 'stdout',
    },
    ...{ level: null, requestId: null, text: 'loaded' },
  };
  assert.equal(
    logText([{ ...line, worker: null, stream: 'lifecycle', text: 'ready' }, line]),
    '2026-11-22T21:05:02.001Z digits-3-a1b2c  ready\n2026-11-22T21:05:02.001Z digits-3-a1b2c/1  loaded\n',
  );
});

test('a text has none of the sequences that colour a terminal', () => {
  const line: LogLine = {
    ...{ position: '2026-11-22T21:05:02.001Z-000000', time: '2026-11-22T21:05:02.001Z', pod: 'digits-3-a1b2c', worker: 0 },
    ...{ stream: 'stdout', level: null, requestId: null, text: '\u001b[1;31mfailed\u001b[0m twice' },
  };
  assert.equal(logText([line]), '2026-11-22T21:05:02.001Z digits-3-a1b2c/0  failed twice\n');
});
