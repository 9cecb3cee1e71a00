import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isPayloadName } from './payload-files.ts';

interface Manifest {
  contributes: { keybindings: { command: string; when: string }[] };
}

test('the key that sends is bound in the files that are named as payloads are, and in no others', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
  const { when = '' } = manifest.contributes.keybindings.find(({ command }) => command === 'spell.payload.send') ?? {};
  const bound = new RegExp(/resourceFilename =~ \/(.+)\/$/.exec(when)?.[1] ?? '(?!)');
  const names = ['payload.json', 'one.payload.json', '.payload.json', 'mypayload.json', 'payload.jsonc', 'payload.JSON', 'a.json'];
  assert.deepEqual(
    names.filter((name) => bound.test(name)),
    ['payload.json', 'one.payload.json', '.payload.json'],
  );
  for (const name of names) assert.equal(bound.test(name), isPayloadName(`/project/${name}`), name);
});
