import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../root.ts';
import { developmentPython } from '../testing/development-python.ts';

/** Makes the wheel of the Python package that predictors import: for editors, type checkers and users' own tests. */
export async function packWheel(packages: string): Promise<void> {
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  const source = join(root, 'runtime', 'python');
  await execa(developmentPython(), ['-m', 'pip', 'wheel', ...quietly, '--wheel-dir', packages, source], { stdio: 'inherit' });
}
