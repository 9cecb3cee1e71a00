import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactJson, prettyJson } from './json-text.ts';

test('numbers and strings stay as they came', () => {
  const text = '{"a":1.0,"b":12345678901234567890,"c":"x\\"},\\u0041","d":[],"e":{},"f":null}';
  assert.equal(prettyJson(text), '{ "a": 1.0, "b": 12345678901234567890, "c": "x\\"},\\u0041", "d": [], "e": {}, "f": null }');
  assert.equal(compactJson(prettyJson(text) ?? ''), text);
});

test('what does not fit on a line is broken, lists of short values side by side', () => {
  const pixels = Array.from({ length: 64 }, (_, at) => at);
  const text = JSON.stringify({ pixels, who: { name: 'a'.repeat(80), deep: [{ x: 'b'.repeat(70) }] } });
  const pretty = prettyJson(text) ?? '';
  assert.deepEqual(JSON.parse(pretty), JSON.parse(text));
  const lines = pretty.split('\n');
  assert.ok(
    lines.every((line) => line.length <= 102),
    'no line is much wider than 100',
  );
  assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['{', '  "pixels": [', '}']);
  assert.ok(lines.length < 25, `${lines.length} lines`);
});

test('what is no JSON is not touched', () => {
  assert.equal(prettyJson('{"a": 1'), undefined);
  assert.equal(compactJson('a  b'), 'a  b');
});

test('a megabyte of nested lists is printed', () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, at) => ({ at, values: [at, at, at], name: `number ${at}` })));
  assert.deepEqual(JSON.parse(prettyJson(text) ?? ''), JSON.parse(text));
});
