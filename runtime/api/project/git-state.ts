import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GitState } from '../objects.ts';

/** In a huge repository git may take its time to compare; a commit without that is not worth waiting for. */
const answersWithinMs = 10_000;

/** The commit that a folder is at, and whether tracked files differ from it; null outside of repositories, and where git is not installed. */
export async function gitState(folder: string): Promise<GitState | null> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', ['--no-optional-locks', '-C', folder, ...args], {
      timeout: answersWithinMs,
      maxBuffer: 64 * 2 ** 20,
    });
    return stdout.trim();
  };
  try {
    const commit = await git('rev-parse', '--verify', 'HEAD');
    return { commit, dirty: (await git('status', '--porcelain', '--untracked-files=no')) !== '' };
  } catch {
    return null;
  }
}
