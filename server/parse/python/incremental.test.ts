import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fuzzing, sources } from '../../testing/fuzzing.ts';
import { applied, Random, randomEdit } from '../../testing/random.ts';
import { type PythonFile, parsePython, statementsOf } from './file.ts';

/** All that a parsed file says, as one text. */
function said(file: PythonFile): string {
  return JSON.stringify({
    statements: statementsOf(file),
    problems: file.problems,
    comments: file.comments,
    units: file.units.map(({ from, to, defines }) => [from, to, defines]),
  });
}

suite('parsing after edits', () => {
  test(`${fuzzing.edits} random edits give what parsing anew gives, with every span inside the text`, () => {
    const random = new Random(fuzzing.seed);
    const files = sources();
    let edits = 0;
    while (edits < fuzzing.edits) {
      const path = random.pick(files);
      let text = readFileSync(path, 'utf8');
      let file = parsePython(text);
      for (let i = 0; i < 40 && edits < fuzzing.edits; i++, edits++) {
        const edit = randomEdit(random, text);
        text = applied(text, edit);
        file = parsePython(text, file);
        const anew = parsePython(text);
        assert.equal(said(file), said(anew), `${path} after edit ${edits} (seed ${fuzzing.seed}): ${JSON.stringify(edit)}`);
        for (const { from, to } of [...file.problems, ...file.comments, ...file.units])
          assert.ok(0 <= from && from <= to && to <= text.length);
      }
    }
  });

  test('long chunks that change in one place are parsed incrementally to the same result', () => {
    const random = new Random(fuzzing.seed + 1);
    const body = Array.from(
      { length: 80 },
      (_, i) => `    def method_${i}(self, payload):\n        return self.table[${i}](payload, key="value")\n`,
    ).join('\n');
    let text = `class P(B):\n${body}`;
    let file = parsePython(text);
    for (let i = 0; i < 60; i++) {
      const edit =
        i % 3 === 0 ? { from: text.lastIndexOf('payload', random.below(text.length)), to: 0, text: 'x' } : randomEdit(random, text);
      text = applied(text, { ...edit, from: Math.max(0, edit.from), to: Math.max(edit.from, edit.to, 0) });
      file = parsePython(text, file);
      assert.equal(said(file), said(parsePython(text)), `edit ${i}`);
      if (i % 10 === 9) {
        text = `class P(B):\n${body}`;
        file = parsePython(text);
      }
    }
  });
});
