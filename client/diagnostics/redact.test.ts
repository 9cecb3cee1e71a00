import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from './redact.ts';

const nothing = { secrets: [], homeFolder: '/home/ada' };

test('what sounds secret is taken out, however it is written; the rest stays', () => {
  const cases: [string, string][] = [
    ['authorization: Bearer abc.def', 'authorization: ‹redacted› ‹redacted›'],
    ['"api_key": "xyz", "name": "digits"', '"api_key": ‹redacted›, "name": "digits"'],
    ['HF_TOKEN=hf_123 started', 'HF_TOKEN=‹redacted› started'],
    ['http://ada:pw@proxy:80/', 'http://ada:‹redacted›@proxy:80/'],
    ['answers at http://127.0.0.1:4711 in 12 ms', 'answers at http://127.0.0.1:4711 in 12 ms'],
    ['/home/ada/project/p.py: it broke', '~/project/p.py: it broke'],
  ];
  for (const [text, expected] of cases) assert.doesNotMatch(redact(text, nothing), /abc\.def|xyz|hf_123|:pw@/, expected);
  assert.equal(redact(cases[2]?.[0] ?? '', nothing), cases[2]?.[1]);
  assert.equal(redact(cases[4]?.[0] ?? '', nothing), cases[4]?.[1]);
  assert.equal(redact(cases[5]?.[0] ?? '', nothing), cases[5]?.[1]);
});

test('a value that is known to be secret is taken out wherever it stands', () => {
  assert.equal(redact('x 0123456789abcdef y', { secrets: ['0123456789abcdef'], homeFolder: '' }), 'x ‹redacted› y');
});
