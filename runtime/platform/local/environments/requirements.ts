import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { EffectiveSettings } from '../../../api/settings.ts';

/** What `pip` and `pip-req` ask for. */
export interface Requirements {
  packages: string[];
  file: { name: string; lines: string[] } | null;
}

/** The requirements of some settings, without blank lines and comments; null when nothing is asked for. */
export function requirementsOf(settings: EffectiveSettings): Requirements | null {
  const packages = (settings.pip ?? []).map((line) => line.trim()).filter(Boolean);
  const said = settings['pip-req'];
  const lines = (said?.lines ?? []).map((line) => line.trimEnd()).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  if (packages.length === 0 && lines.length === 0) return null;
  return { packages: packages.sort(), file: said === undefined ? null : { name: said.file, lines } };
}

/** In a few words, for progress: `numpy, scipy and requirements.txt`. */
export function requirementsTitle({ packages, file }: Requirements): string {
  const parts = [...packages, ...(file ? [basename(file.name)] : [])];
  const shown = parts.length > 4 ? [...parts.slice(0, 3), `${parts.length - 3} more`] : parts;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/**
 * Whether a requirement names a file by a path that is relative (`./lib`, `-e .`, `-r base.txt`, `wheels/x.whl`). Such
 * an environment belongs to one snapshot of code, where those files lie.
 */
export function namesProjectFiles({ packages, file }: Requirements): boolean {
  return [...packages, ...(file?.lines ?? [])].some((line) => {
    const words = line.trim();
    const option = /^(?:-r|-c|-e|-f|--requirement|--constraint|--editable|--find-links)(?:\s*=?\s*)(.*)$/.exec(words)?.[1];
    const target = (option ?? words)
      .replace(/^[\w.-]+(\[[^\]]*\])?\s*@\s*/, '')
      .replace(/[;#].*$/, '')
      .trim();
    if (/^[a-z][a-z0-9+.-]*:/i.test(target) || isAbsolute(target)) return false;
    return option !== undefined || /^\.{1,2}(\/|$|\[)/.test(target) || /\.(whl|zip|tar\.gz)$/.test(target);
  });
}

/**
 * Where the requirements file of a project lies in its snapshot, so that what it names beside itself is found; null when
 * it is not part of the snapshot.
 */
export async function fileInSnapshot(name: string, codeFolder: string): Promise<{ path: string; folder: string } | null> {
  for (const candidate of isAbsolute(name) ? [basename(name)] : [name, basename(name)]) {
    const path = join(codeFolder, candidate);
    const isInside = path.startsWith(join(codeFolder, '/'));
    if (isInside && (await stat(path).catch(() => null))?.isFile()) return { path, folder: dirname(path) };
  }
  return null;
}
