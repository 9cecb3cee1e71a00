import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The project of a predictor file: the first folder upwards from it that is not a Python package, so that
 * `from package.module import …` works as it does when the project is run by hand (`spec/behaviour.md` §1).
 */
export async function projectRoot(entrypoint: string): Promise<string> {
  let folder = dirname(entrypoint);
  while (await exists(join(folder, '__init__.py'))) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return folder;
}

/** Whether there is something at a path; what cannot be looked at is not there. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
