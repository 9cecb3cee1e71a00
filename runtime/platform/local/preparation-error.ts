import type { RevisionFailure, StartFailure } from '../../api/objects.ts';

/** Why the pods of a revision cannot be started here. `final`: trying again would end in the same way. */
export class PreparationError extends Error {
  readonly failure: RevisionFailure;

  constructor(
    failure: Pick<StartFailure, 'code' | 'message'> & Partial<Omit<RevisionFailure, 'code' | 'message'>>,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
    this.name = 'PreparationError';
    this.failure = { hint: null, file: null, line: null, class: null, log: [], final: true, ...failure };
  }
}

/**
 * Anything that was thrown while a revision was being prepared, as its failure. What the system says about disks and
 * permissions stays until somebody acts; what is unknown may be a passing fault of the source, and is tried again.
 */
export function asRevisionFailure(thrown: unknown): RevisionFailure {
  if (thrown instanceof PreparationError) return thrown.failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const known = systemFailures[code];
  if (known) return new PreparationError({ ...known, message: `${known.message}: ${message}` }).failure;
  return new PreparationError({
    code: 'preparation-failed',
    message: `the revision cannot be prepared on this machine: ${message}`,
    hint: 'it is tried again by itself; `logs/spelld.log` in SPELL_HOME has the details',
    final: false,
  }).failure;
}

const diskFull = { code: 'disk-full', message: 'no space is left on the disk', hint: 'free some space, then serve or start it again' };
const unwritable = {
  code: 'home-unwritable',
  message: 'SPELL_HOME cannot be written',
  hint: 'give its user the right to write there, then serve or start it again',
};
const missing = {
  code: 'missing-content',
  message: 'a file of the revision is not in the store',
  hint: 'serve the model server again from its project; a model has to be uploaded again',
};
const systemFailures: Record<string, { code: string; message: string; hint: string }> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
  'not-found': missing,
  'missing-content': missing,
};
