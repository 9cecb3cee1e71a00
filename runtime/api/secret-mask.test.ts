import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretMask } from './secret-mask.ts';

test('values are masked wherever they stand: whole, quoted, line by line, and the longer one first', () => {
  const hide = secretMask({ TOKEN: 'hunter2', URL: 'https://ada:hunter2@host', KEY: 'first line\nsecond\\line', MODE: 'debug', EMPTY: '' });
  assert.equal(hide('bad token "hunter2" in debug mode'), 'bad token "***" in debug mode');
  assert.equal(hide('no answer of https://ada:hunter2@host/x'), 'no answer of ***/x');
  assert.equal(hide(String.raw`KeyError: 'first line\nsecond\\line'`), "KeyError: '***'");
  assert.equal(hide('  second\\line'), '  ***');
});

test('without variables nothing changes', () => {
  assert.equal(secretMask()('as it was'), 'as it was');
});
