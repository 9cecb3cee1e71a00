import type { Dirent, Stats } from 'node:fs';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SpellError } from '../errors.ts';
import { unreadable } from './unreadable.ts';

/** A file that belongs to a tree, not yet read. */
export interface FoundFile {
  /** Relative to the tree's root, with `/`. */
  path: string;
  /** Where it is read, absolute; links are not resolved. */
  source: string;
  size: number;
  executable: boolean;
  /** Differs from that of another time when the file was written or replaced meanwhile. */
  stamp: string;
}

/** A file by what its `stat` says. */
export function foundFile(path: string, source: string, { size, mode, mtimeMs, ino }: Stats): FoundFile {
  const executable = process.platform !== 'win32' && (mode & 0o111) !== 0;
  return { path, source, size, executable, stamp: `${ino} ${mtimeMs} ${size}` };
}

/** Decides what of a folder's entries belongs to the tree; made anew for each folder that is entered. */
export interface Selection {
  /** `path` is absolute. A link is asked about as what it leads to. */
  takes(path: string, kind: 'file' | 'folder'): boolean | Promise<boolean>;
  enter(folder: string): Promise<Selection>;
}

export interface WalkOptions {
  /** Absolute. */
  root: string;
  selection: Selection;
  /** Sockets, pipes and devices: an error that names them, or passed over. */
  special: 'refuse' | 'skip';
  /** Called with what cannot be taken, which is then passed over; without it the first such thing ends the walk. */
  passOver?: (problem: SpellError) => void;
  /** Called with each file; throws to end the walk. */
  found(file: FoundFile): void;
}

/**
 * Finds the files of a tree, folder by folder in the order of their names. Links are followed and stand for what they
 * lead to, as long as that lies in the tree.
 *
 * Throws `bad-path`, naming the path: for a link that leads out of the tree, to nothing, or back to a folder it lies
 * in; for what cannot be read; for a name that is not UTF-8.
 */
export async function walk(options: WalkOptions): Promise<void> {
  const realRoot = await realpath(options.root);
  await walkFolder({ ...options, realRoot }, options.root, '', options.selection, [realRoot]);
}

type Walk = WalkOptions & { realRoot: string };

/** `above`: the real paths of the folders that lead here. */
async function walkFolder(walk: Walk, folder: string, path: string, selection: Selection, above: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => Promise.reject(unreadable(folder, error)));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    await walkEntry(walk, join(folder, entry.name), below, entry, selection, above).catch((error: unknown) => {
      if (!walk.passOver || !(error instanceof SpellError)) throw error;
      walk.passOver(error);
    });
  }
}

async function walkEntry(walk: Walk, source: string, path: string, entry: Dirent, selection: Selection, above: string[]): Promise<void> {
  const kind = entry.isSymbolicLink() ? await kindBehindLink(source) : kindOf(entry);
  if (!(await selection.takes(source, kind === 'folder' ? 'folder' : 'file'))) return;
  if (entry.name.includes('\uFFFD')) throw new SpellError('bad-path', `the name of ${source} is not UTF-8`, 'rename it, or leave it out');
  const real = entry.isSymbolicLink() ? await followLink(walk, source, kind) : join(above.at(-1) ?? walk.realRoot, entry.name);
  if (kind === 'folder') {
    if (above.includes(real)) {
      throw new SpellError('bad-path', `${source} is a link back to ${real}, a folder that it lies in`, 'remove the link, or leave it out');
    }
    await walkFolder(walk, source, path, await selection.enter(source), [...above, real]);
  } else if (kind === 'file') {
    walk.found(foundFile(path, source, await stat(source).catch((error) => Promise.reject(unreadable(source, error)))));
  } else if (walk.special === 'refuse') {
    throw new SpellError('bad-path', `${source} is neither a file nor a folder`, 'remove it: only files and folders can be sent');
  }
}

type Kind = 'file' | 'folder' | 'special' | 'nothing';

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory'>): Kind {
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'special';
}

async function kindBehindLink(link: string): Promise<Kind> {
  return stat(link).then(kindOf, () => 'nothing');
}

/** Where a link leads to, when that lies in the tree. */
async function followLink(walk: Walk, link: string, kind: Kind): Promise<string> {
  if (kind === 'nothing') {
    const said = await readlink(link).catch(() => 'somewhere');
    throw new SpellError('bad-path', `${link} is a link to ${said}, where there is nothing`, 'remove the link, or leave it out');
  }
  const real = await realpath(link);
  if (real === walk.realRoot || real.startsWith(walk.realRoot + sep)) return real;
  throw new SpellError(
    'bad-path',
    `${link} is a link that leads out of ${walk.root}, to ${real}`,
    'put a copy in its place, or leave the link out',
  );
}
