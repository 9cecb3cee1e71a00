import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './root.ts';

/**
 * Makes an example ready to be served, as its README says: a virtual environment beside it with its requirements, and
 * its trained model in `build/`. What is there and still fits is kept, so that only the first time takes long.
 * Returns the example's folder.
 */
export async function prepareExample(folder: string): Promise<string> {
  const inputs = await Promise.all(['requirements.txt', 'train.py'].map((file) => readFile(join(folder, file), 'utf8')));
  const wanted = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  const stamp = join(folder, 'build', 'prepared');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return folder;

  const python = join(folder, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  console.log('preparing the example: its Python environment, then its training (once)');
  const run = (command: string, ...args: string[]): Promise<unknown> =>
    execa(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  // With the pip that we ship: a Python of Debian's may have none of its own, nor a way to put one into the environment.
  await run('python3', '-m', 'venv', '--clear', '--without-pip', '.venv');
  const pip = join(root, 'dist', 'python', 'pip.whl', 'pip');
  await run(python, pip, 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt');
  await run(python, 'train.py', 'build');
  await writeFile(stamp, wanted);
  return folder;
}
