import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SpellError } from '../errors.ts';
import { nameProblem } from '../names.ts';
import { unreadable } from './unreadable.ts';
import { type FoundFile, foundFile, type Selection, walk } from './walk.ts';

/** What `spell upload PATH` is about to send, not yet read. */
export interface UploadPlan {
  name: string;
  files: FoundFile[];
}

/** Everything in the folder, hidden files too: what is uploaded is what was named. */
const everything: Selection = { takes: () => true, enter: async () => everything };

/**
 * Finds what an upload has: a folder's content, directly under the name; or one file, which keeps its own.
 * Without a name it is the path's last piece.
 *
 * Throws `bad-path` for a path that is missing, empty, unreadable, or has a link that leads out of it; `bad-name` for a
 * name against the rules.
 */
export async function planUpload(path: string, said?: string): Promise<UploadPlan> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new SpellError('bad-path', `there is nothing at ${path}`, 'check the path: spell upload PATH');
    throw unreadable(path, error);
  });
  const name = said ?? basename(path);
  const problem = nameProblem('resource', name);
  if (problem) {
    throw new SpellError('bad-name', problem, said === undefined ? 'choose a name with --name' : 'choose another name');
  }
  if (!found.isDirectory() && !found.isFile()) {
    throw new SpellError('bad-path', `${path} is neither a file nor a folder`, 'only files and folders can be uploaded');
  }
  if (found.isFile()) {
    return { name, files: [foundFile(basename(path), path, found)] };
  }
  const files: FoundFile[] = [];
  await walk({ root: path, selection: everything, special: 'refuse', found: (file) => files.push(file) });
  if (files.length === 0)
    throw new SpellError('bad-path', `the folder ${path} is empty`, 'put something into it first: an upload needs at least one file');
  return { name, files };
}
