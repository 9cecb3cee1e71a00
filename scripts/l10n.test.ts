import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { textsIn, translatables, writeL10nBundle } from './l10n.ts';

test('texts are read as the code means them, wherever the call stands', () => {
  const source = `code.l10n.t('it\\'s {0}', a)\nl10n.t(\n  "two\\nlines",\n)\nl10n.t(\`plain\`) + l10n.t(words) + l10n.t(\`a \${b}\`)`;
  assert.deepEqual(
    textsIn(source, 'x.ts').map(({ text, where }) => [text, where]),
    [
      ["it's {0}", 'x.ts:1'],
      ['two\nlines', 'x.ts:2'],
      ['plain', 'x.ts:5'],
      [undefined, 'x.ts:5'],
      [undefined, 'x.ts:5'],
    ],
  );
});

test('every text of the extension stands in its call, so that it can be translated', async () => {
  const all = await translatables();
  assert.ok(all.length > 100);
  assert.deepEqual(
    all.filter(({ text }) => text === undefined).map(({ where }) => where),
    [],
  );
});

test('the bundle has every text under itself', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-l10n-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeL10nBundle(folder);
  const bundle = JSON.parse(await readFile(join(folder, 'bundle.l10n.json'), 'utf8')) as Record<string, string>;
  for (const { text = '' } of await translatables()) assert.equal(bundle[text], text);
});
