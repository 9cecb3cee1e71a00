import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { age, ago } from './ages.ts';
import { showSending } from './progress.ts';
import { align } from './table.ts';
import { Terminal } from './terminal.ts';

/** A terminal, or a pipe, whose output can be read. */
function makeTerminal(
  isTTY: boolean,
  options = { quiet: false, noColor: false },
): { terminal: Terminal; type(text: string): void; seen(): string } {
  const stream = (): PassThrough & { isTTY: boolean } => Object.assign(new PassThrough(), { isTTY });
  const streams = { stdin: stream(), stdout: stream(), stderr: stream() };
  return {
    terminal: new Terminal(streams, options),
    type: (text) => void streams.stdin.write(text),
    seen: () => `${streams.stdout.read() ?? ''}${streams.stderr.read() ?? ''}`,
  };
}

test('columns are as wide as their widest cell, also with wide characters, and every row is one line', () => {
  assert.deepEqual(
    align([
      ['A', 'B', 'C'],
      ['夏', 'x', 'two\n lines'],
      ['🎈bc', '', ''],
    ]),
    ['A     B  C', '夏    x  two lines', '🎈bc'],
  );
});

test('ages are rounded down, in words or as narrow as can be', () => {
  const now = Date.parse('2026-01-10T00:00:00Z');
  const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  const shown = (seconds: number): string[] => [ago(before(seconds), now), age(before(seconds), now)];
  assert.deepEqual(shown(-5), ['just now', '0s']);
  assert.deepEqual(shown(59), ['just now', '59s']);
  assert.deepEqual(shown(60), ['1 minute ago', '1m']);
  assert.deepEqual(shown(3 * 3600 + 59), ['3 hours ago', '3h']);
  assert.deepEqual(shown(7 * 86_400), ['7 days ago', '7d']);
});

test('colours only where a terminal reads and nothing forbids them', () => {
  assert.equal(makeTerminal(true).terminal.style('bold', 'x'), '\x1b[1mx\x1b[22m');
  assert.equal(makeTerminal(true, { quiet: false, noColor: true }).terminal.style('bold', 'x'), 'x');
  assert.equal(makeTerminal(false).terminal.style('bold', 'x'), 'x');
});

test('quiet keeps results and errors', () => {
  const { terminal, seen } = makeTerminal(false, { quiet: true, noColor: false });
  terminal.say('progress');
  terminal.print('result');
  terminal.complain('error');
  assert.equal(seen(), 'result\nerror\n');
});

test('a question is answered in a terminal: y is yes, everything else is no', async () => {
  for (const [typed, answer] of [
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['no\n', false],
  ] as const) {
    const { terminal, type } = makeTerminal(true);
    const asked = terminal.confirm('really?');
    type(typed);
    assert.equal(await asked, answer);
  }
  await assert.rejects(makeTerminal(false).terminal.confirm('really?'), { code: 'needs-answer' });
});

test('sending shows nothing while it is short, then a line that is drawn anew; elsewhere one line', () => {
  const progress = { files: { sent: 1, total: 2 }, bytes: { sent: 512, total: 2048 } };
  for (const [isTTY, drawn] of [
    [true, '\r\x1b[Ksending x: 512 B of 2.0 KiB, 1 of 2 files\r\x1b[Ksending x: 512 B of 2.0 KiB, 1 of 2 files\r\x1b[K'],
    [false, 'sending x: 2.0 KiB\n'],
  ] as const) {
    let now = 0;
    const { terminal, seen } = makeTerminal(isTTY);
    const sending = showSending(terminal, 'x', () => now);
    for (now of [0, 999, 1000, 1050, 1100]) sending.update(progress);
    sending.end();
    assert.equal(seen(), drawn);
  }
});
