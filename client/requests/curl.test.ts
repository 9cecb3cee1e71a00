import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { curlWith } from './curl.ts';

const curl = "curl http://127.0.0.1:8000/local/digits/predict -H 'content-type: application/json' -d '{}'";

test('a shell hands the payload on as it is, whatever stands in it', { skip: process.platform === 'win32' }, () => {
  for (const payload of ['{"text": "it\'s $HOME `date` \\"x\\" $& $1"}', '[1,\n 2]', 'no JSON', '']) {
    const printed = execFileSync('sh', ['-c', curlWith(curl, payload).replace('curl', `printf '%s|'`)], { encoding: 'utf8' });
    const data = printed.split('|').at(-2) ?? '';
    const isJson = /^[{[]/.test(payload);
    if (isJson) assert.deepEqual(JSON.parse(data), JSON.parse(payload));
    else assert.equal(data, payload);
  }
});

test('without a payload it is the line that the control plane gives', () => {
  assert.equal(curlWith(curl, undefined), curl);
});
