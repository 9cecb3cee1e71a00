import { SpellError } from './errors.ts';
import type { Settings } from './settings.ts';

/** Throws `bad-setting` where a requirements file stands beside a conda file (`spec/behaviour.md` §4), whoever set which of them. */
export function checkDependencies(said: Settings): void {
  const [requirements, conda] = [said['pip-req'], said['conda-file']];
  if (!requirements || !conda) return;
  throw new SpellError(
    'bad-setting',
    `pip-req (${requirements.file}) and conda-file (${conda.file}) exclude each other`,
    'name the packages of pip in the conda file, or with --pip; or let go of one: --unset pip-req, --unset conda-file',
  );
}
