/**
 * Files are named by paths with `/`: absolute (`/home/a/p.py`, `c:/a/p.py`) for files on disk, with a scheme in front
 * (`vscode-vfs://github/a/p.py`) elsewhere. Nothing here touches a disk.
 */
const rootPattern = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*|[A-Za-z]:|)\//;

/** The part of a path that nothing is above: `/`, `c:/`, `vscode-vfs://github/`; empty for a relative path. */
export function rootOf(path: string): string {
  return rootPattern.exec(path)?.[0] ?? '';
}

/** The folder of a path; a root is its own folder. */
export function parentOf(path: string): string {
  const root = rootOf(path);
  const slash = path.lastIndexOf('/');
  return slash < root.length ? root : path.slice(0, slash);
}

/** The last piece of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name without its last extension. */
export function stemOf(path: string): string {
  return nameOf(path).replace(/(?<=.)\.[^.]*$/, '');
}

/** Resolves a relative path against a folder, with `.` and `..`; an absolute path stays itself. */
export function resolvePath(folder: string, path: string): string {
  const portable = path.replaceAll('\\', '/');
  const absolute = rootOf(portable);
  const root = absolute || rootOf(folder);
  const start = absolute ? [] : folder.slice(root.length).split('/');
  const pieces: string[] = [];
  for (const piece of [...start, ...portable.slice(absolute.length).split('/')]) {
    if (piece === '..') pieces.pop();
    else if (piece !== '' && piece !== '.') pieces.push(piece);
  }
  return root + pieces.join('/');
}

/** Whether a path is a folder itself or lies below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** How a file is written relative to a folder: `sub/a.py`, `../a.py`. */
export function relativePath(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/') || '.';
}

/** The folders from one up to the root, innermost first. */
export function foldersUp(folder: string): string[] {
  const found = [folder];
  for (let at = folder; parentOf(at) !== at; at = parentOf(at)) found.push(parentOf(at));
  return found;
}

/** The path of something directly in a folder. */
export function childPath(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
