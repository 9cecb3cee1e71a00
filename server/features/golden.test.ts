import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Lines } from '../parse/text/lines.ts';
import { applyFix } from '../testing/apply.ts';
import { findingsIn, type PlacedFinding, shown } from '../testing/findings.ts';
import { assertSound, fixedAll, fixesOf } from '../testing/fixes.ts';
import { readProject } from '../testing/fixture.ts';
import { toldFile, toldIn } from '../testing/told-file.ts';
import { type Want, wantsIn } from '../testing/wants.ts';
import { rules } from './rules/all-rules.ts';
import type { Told } from './rules/rule.ts';

/**
 * Golden pairs: `x.py` with `# want "message" fix="title"` at the end of a line, and `x.golden.py`, the file after the
 * fixes. A case is a file, or a folder with several; `told.json` in it says what an editor would have told. `SPELL_GOLDEN=write` writes what the fixes make.
 */
const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');
const writes = process.env.SPELL_GOLDEN === 'write';

interface Case {
  readonly code: string;
  readonly name: string;
  readonly files: Record<string, string>;
  readonly wants: readonly (Want & { readonly file: string })[];
  /** What an editor would have told: the case's `told.json`. */
  readonly told: Told;
  /** Where the golden file of a file lies. */
  golden(file: string): string;
}

function goldenName(file: string): string {
  return file.replace(/(\.\w+)$/, '.golden$1');
}

function casesOf(code: string): Case[] {
  return readdirSync(join(folder, code))
    .filter((name) => !name.includes('.golden.'))
    .sort()
    .map((name) => {
      const path = join(folder, code, name);
      const single = statSync(path).isFile();
      const { [toldFile]: told, ...raw }: Record<string, string> = single ? { [name]: readFileSync(path, 'utf8') } : readProject(path);
      const read = Object.entries(raw).flatMap(([file, text]) => (file.includes('.golden.') ? [] : [[file, wantsIn(text, code)] as const]));
      return {
        code,
        name,
        files: Object.fromEntries(read.map(([file, { text }]) => [file, text])),
        told: toldIn(told),
        wants: read.flatMap(([file, { wants }]) => wants.map((want) => ({ ...want, file }))),
        golden: (file) => join(single ? join(folder, code) : path, goldenName(file)),
      };
    });
}

function matches(finding: PlacedFinding, want: Case['wants'][number], files: Record<string, string>): boolean {
  const line = new Lines(files[finding.file] ?? '').lineAt(finding.span.from);
  return finding.file === want.file && finding.code === want.code && line === want.line && finding.message.includes(want.message);
}

suite('golden pairs', () => {
  for (const { code } of rules) {
    test(`${code} has one, and one that shows a fix where it has any`, () => {
      const cases = existsSync(join(folder, code)) ? casesOf(code) : [];
      const own = cases.flatMap(({ wants }) => wants.filter((want) => want.code === code));
      assert.ok(own.length > 0, `fixtures/rules/${code} has no line that wants it`);
      const fixable = cases.some(({ files, told }) => findingsIn(files, told).some((each) => each.code === code && each.fixes?.().length));
      assert.equal(
        own.some((want) => want.fix !== undefined),
        fixable,
      );
    });
  }
  for (const code of readdirSync(folder).sort()) {
    for (const each of casesOf(code)) {
      const { files, wants, told } = each;
      test(`${code}/${each.name}: exactly what is wanted is reported`, () => {
        const found = findingsIn(files, told);
        const missing = wants.filter((want) => !found.some((finding) => matches(finding, want, files)));
        assert.deepEqual(missing, [], `found:\n${found.map((finding) => shown(finding, files)).join('\n')}`);
        const unwanted = found.filter((finding) => !wants.some((want) => matches(finding, want, files)));
        assert.deepEqual(
          unwanted.map((finding) => shown(finding, files)),
          [],
        );
        assert.equal(found.length, wants.length);
      });

      test(`${code}/${each.name}: the wanted fixes give the golden files`, () => {
        let now = files;
        for (const want of wants) {
          if (want.fix === undefined) continue;
          // Fixes before this one may have moved its line.
          const findings = findingsIn(now, told).filter((finding) => finding.code === want.code && finding.message.includes(want.message));
          const fixes = findings.flatMap((finding) => finding.fixes?.() ?? []);
          const fix = fixes.find((candidate) => candidate.title === want.fix);
          assert.ok(fix, `${want.code} offers ${fixes.map((candidate) => candidate.title).join(', ') || 'nothing'}, not ${want.fix}`);
          now = applyFix(now, fix);
        }
        for (const [file, text] of Object.entries(now)) {
          const path = each.golden(file);
          if (text === files[file]) {
            assert.ok(!existsSync(path), `${path} is left over`);
            continue;
          }
          if (writes) writeFileSync(path, text);
          assert.equal(text, existsSync(path) ? readFileSync(path, 'utf8') : '', path);
        }
      });

      test(`${code}/${each.name}: every fix removes its finding and adds none`, () => {
        for (const tried of fixesOf(files, told)) {
          assertSound(files, tried, told);
          assert.ok(tried.offered, tried.fix.title);
        }
      });

      test(`${code}/${each.name}: fixing all twice is fixing all once`, () => {
        const once = fixedAll(files, told);
        assert.deepEqual(fixedAll(once, told), once);
      });
    }
  }
});
