import { delimiter } from 'node:path';
import { onPath } from '../interpreters.ts';
import { PreparationError } from '../preparation-error.ts';

/** A program that makes environments of conda packages. The first one that is there is taken: they are ordered by their speed. */
const tools = ['micromamba', 'mamba', 'conda'] as const;
export type CondaToolName = (typeof tools)[number];

export interface CondaTool {
  name: CondaToolName;
  path: string;
}

/** Where their installers put them: a control plane that an editor started from a desktop has no shell's `PATH`. `~` is its user's home. */
export const usualCondaFolders: readonly string[] = [
  ...['.local/bin', 'bin', 'micromamba/bin', 'miniforge3/bin', 'mambaforge/bin', 'miniconda3/bin', 'anaconda3/bin'].map(
    (each) => `~/${each}`,
  ),
  ...['/opt/homebrew/bin', '/usr/local/bin', '/opt/conda/bin', '/opt/miniconda3/bin'],
];

/**
 * The first tool on `PATH`, else in one of some folders.
 * @throws PreparationError `conda-not-found`, which says how to get one
 */
export async function findCondaTool(file: string, env: Record<string, string>, folders: readonly string[]): Promise<CondaTool> {
  const home = env.HOME ?? env.USERPROFILE ?? '';
  const usual = folders.map((folder) => folder.replace(/^~/, home));
  for (const places of [env.PATH, usual.join(delimiter)]) {
    for (const name of tools) {
      const path = await onPath([name], places);
      if (path !== undefined) return { name, path };
    }
  }
  throw new PreparationError({
    code: 'conda-not-found',
    message: `${file} needs micromamba, mamba or conda, and none of them is on PATH or where their installers put them`,
    hint: 'install micromamba, which is one file (`brew install micromamba`, or see https://mamba.readthedocs.io), then serve again',
    file,
  });
}

/**
 * Makes the environment of a file, without a question. The folder must not be there, and has to be absolute: newer ones
 * refuse what is no environment, and older ones look for a relative one elsewhere.
 */
export function condaCreate({ name, path }: CondaTool, file: string, folder: string): string[] {
  const verb = name === 'micromamba' ? ['create'] : ['env', 'create'];
  return [path, ...verb, '--prefix', folder, '--file', file];
}

/** `--yes` is not a flag of them all; these are heard by all. */
export const condaAnswers: Record<string, string> = { CONDA_ALWAYS_YES: 'true', MAMBA_ALWAYS_YES: 'true', MAMBA_NO_BANNER: '1' };
