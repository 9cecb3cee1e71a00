import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/root.ts';

/** `SPELL_GOLDEN=write` writes what the grammars give now. */
const update = process.env.SPELL_GOLDEN === 'write' ? ['--updateSnapshot'] : [];

const cases = [
  [
    'predictor.py',
    'source.python',
    [
      'node_modules/tm-grammars/grammars/python.json',
      'syntaxes/predictor.injection.tmLanguage.json',
      'syntaxes/parameters.injection.tmLanguage.json',
    ],
  ],
  ['server.spell-log', 'text.log.spell', ['syntaxes/log.tmLanguage.json']],
] as const;

for (const [file, scope, grammars] of cases) {
  test(`${file} gets the scopes of its snapshot`, () => {
    const tool = join(root, 'node_modules', 'vscode-tmgrammar-test', 'dist', 'snapshot.js');
    const args = [
      ...grammars.flatMap((grammar) => ['-g', grammar]),
      '--config',
      'package.json',
      '-s',
      scope,
      ...update,
      join('syntaxes', 'snapshots', file),
    ];
    const done = spawnSync(process.execPath, [tool, ...args], { cwd: root, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  });
}
