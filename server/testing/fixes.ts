import assert from 'node:assert/strict';
import { fixAll } from '../features/actions/fix-all.ts';
import { judgeFor } from '../features/actions/soundness.ts';
import { suppress } from '../features/actions/suppress.ts';
import { diagnose, subjectAt } from '../features/diagnose.ts';
import type { Fix, Told } from '../features/rules/rule.ts';
import { applyFix } from './apply.ts';
import { findingsIn, type PlacedFinding } from './findings.ts';
import { exampleRoot, memoryWorld } from './memory-world.ts';

/** A fix as an editor's menu would have it, with its finding; or one that is kept back. */
export interface TriedFix {
  readonly finding: PlacedFinding;
  readonly fix: Fix;
  readonly offered: boolean;
}

/** All fixes and suppressions of all findings of some files. */
export function fixesOf(files: Readonly<Record<string, string>>, told: Told = {}): TriedFix[] {
  const world = memoryWorld(files, told);
  return Object.keys(files).flatMap((file) => {
    const subject = subjectAt(world, `${exampleRoot}/${file}`);
    if (!subject) return [];
    const isSound = judgeFor(subject);
    return diagnose(subject).flatMap((finding) => {
      const silence = suppress(subject, finding);
      return [...(finding.fixes?.() ?? []), ...(silence ? [silence] : [])].map((fix) => ({
        finding: { ...finding, file },
        fix,
        offered: isSound(fix, [finding]),
      }));
    });
  });
}

/** Fails unless a fix removes its finding, and adds none in any of the files. */
export function assertSound(files: Readonly<Record<string, string>>, { fix }: TriedFix, told: Told = {}): void {
  const before = findingsIn(files, told).map(named);
  const after = findingsIn(applyFix(files, fix), told).map(named);
  assert.ok(after.length < before.length, `“${fix.title}” leaves ${after.join('; ')}`);
  assert.deepEqual(
    after.filter((each) => !before.includes(each)),
    [],
    `“${fix.title}” adds something`,
  );
}

/** A finding without its place, which an edit above it moves. */
function named({ file, code, message }: PlacedFinding): string {
  return `${file} ${code} ${message.replace(/\(line \d+\)/g, '')}`;
}

/** The files after "fix all" in each of them, again and again while that changes something. */
export function fixedAll(files: Readonly<Record<string, string>>, told: Told = {}): Record<string, string> {
  let now = { ...files };
  for (let round = 0; round < 12; round++) {
    let changed = false;
    for (const file of Object.keys(now)) {
      const subject = subjectAt(memoryWorld(now, told), `${exampleRoot}/${file}`);
      const fix = subject && fixAll(subject.path, diagnose(subject), judgeFor(subject));
      if (!fix) continue;
      now = applyFix(now, fix);
      changed = true;
    }
    if (!changed) return now;
  }
  throw new Error('fix all does not come to an end');
}
