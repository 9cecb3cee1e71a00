import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** What a tree has at a path: a file's text, a link's target, or an executable file's text. */
export type TreeEntry = string | { link: string } | { script: string };

/** Makes a tree in a temporary folder, which is removed after the test. Returns the folder. */
export async function makeTree(context: TestContext, entries: Record<string, TreeEntry>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'spell-tree-')));
  context.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, entry] of Object.entries(entries)) {
    const file = join(root, path);
    await mkdir(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof entry === 'string') await writeFile(file, entry);
    else if ('link' in entry) await symlink(entry.link, file);
    else {
      await writeFile(file, entry.script);
      await chmod(file, 0o755);
    }
  }
  return root;
}
