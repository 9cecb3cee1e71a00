import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Lines } from '../parse/text/lines.ts';
import { applyFix } from '../testing/apply.ts';
import { findingsIn, type PlacedFinding, shown } from '../testing/findings.ts';
import { readProject } from '../testing/fixture.ts';
import { type Want, wantsIn } from '../testing/wants.ts';
import { fixAll } from './actions/fix-all.ts';

/**
 * Golden pairs: `x.py` with `# want "message" fix="title"` at the end of a line, and `x.golden.py`, the file after the
 * fixes. A case is a file, or a folder with several. `SPELL_GOLDEN=write` writes what the fixes make.
 */
const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');
const writes = process.env.SPELL_GOLDEN === 'write';

interface Case {
  readonly code: string;
  readonly name: string;
  readonly files: Record<string, string>;
  readonly wants: readonly (Want & { readonly file: string })[];
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
      const raw: Record<string, string> = single ? { [name]: readFileSync(path, 'utf8') } : readProject(path);
      const read = Object.entries(raw).flatMap(([file, text]) => (file.includes('.golden.') ? [] : [[file, wantsIn(text, code)] as const]));
      return {
        code,
        name,
        files: Object.fromEntries(read.map(([file, { text }]) => [file, text])),
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
  for (const code of readdirSync(folder).sort()) {
    for (const each of casesOf(code)) {
      const { files, wants } = each;
      test(`${code}/${each.name}: exactly what is wanted is reported`, () => {
        const found = findingsIn(files);
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
          const findings = findingsIn(now).filter((finding) => finding.code === want.code && finding.message.includes(want.message));
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
        const before = findingsIn(files);
        for (const finding of before) {
          for (const fix of finding.fixes?.() ?? []) {
            const after = applyFix(files, fix);
            const left = findingsIn(after);
            const texts = left.map((one) => `${one.code} ${one.message}`);
            assert.ok(left.length < before.length, `“${fix.title}” leaves ${texts.join('; ')}`);
            const known = before.map((one) => `${one.code} ${one.message}`);
            assert.deepEqual(
              texts.filter((text) => !known.includes(text)),
              [],
              `“${fix.title}” adds something`,
            );
          }
        }
      });

      test(`${code}/${each.name}: fixing all twice is fixing all once`, () => {
        const once = fixedAll(files);
        assert.deepEqual(fixedAll(once), once);
      });
    }
  }
});

/** The files after their "fix all", again and again while that changes something; at most as often as there are findings. */
function fixedAll(files: Record<string, string>): Record<string, string> {
  let now = files;
  for (let round = 0; round < 12; round++) {
    let changed = false;
    for (const file of Object.keys(now)) {
      const fix = fixAll(
        `/project/${file}`,
        findingsIn(now).filter((finding) => finding.file === file),
      );
      if (!fix) continue;
      now = applyFix(now, fix);
      changed = true;
    }
    if (!changed) return now;
  }
  throw new Error('fix all does not come to an end');
}
