import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../../runtime/api/project/read-settings.ts';
import { readSpellYaml } from '../../runtime/api/project/spell-yaml.ts';
import { templateFiles, templates } from './templates.ts';

test('a spell.yaml says the name that was given, whatever it would mean in YAML', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spell-template-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const template of templates) {
    for (const name of ['digits', 'no', '1.0', '7', 'null', '2026-01-01', 'a.b_c-d', '0x1f']) {
      const files = templateFiles(template, name);
      for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
      const [document, ...others] = await readSpellYaml(join(folder, 'spell.yaml'));
      assert.equal(others.length, 0);
      const settings = await readSettings(document?.said ?? {}, {});
      assert.deepEqual([settings['server-name'], settings.entrypoint], [name, join(folder, 'predictor.py')]);
      JSON.parse(files['payload.json']);
    }
  }
});
