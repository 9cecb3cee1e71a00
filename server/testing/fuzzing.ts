import { globSync } from 'node:fs';
import { join } from 'node:path';

/** `SPELL_FUZZ=full` runs the numbers that a release has to pass, `SPELL_FUZZ_SEED` other texts. */
const full = process.env.SPELL_FUZZ === 'full';

/** How much is tried, and from which seed. */
export const fuzzing = {
  seed: Number(process.env.SPELL_FUZZ_SEED ?? 20_260_801),
  edits: full ? 20_000 : 200,
  truncations: full ? 2_000 : 60,
} as const;

/** The Python files that edits begin from: the fixtures, as people write them. */
export function sources(): string[] {
  const fixtures = join(import.meta.dirname, '..', 'fixtures');
  return globSync('**/*.py', { cwd: fixtures })
    .sort()
    .map((path) => join(fixtures, path));
}
