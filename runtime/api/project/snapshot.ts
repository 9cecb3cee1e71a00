import { stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { SpellError } from '../errors.ts';
import type { CodeSnapshot } from '../objects.ts';
import { shownSize } from '../shown-size.ts';
import { codeSelection } from './code-selection.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { placeIn } from './place-in.ts';
import { projectRoot } from './project-root.ts';
import { digestFiles, type TreeFile, toManifest } from './tree.ts';
import { unreadable } from './unreadable.ts';
import { type FoundFile, walk } from './walk.ts';

/** What a snapshot may have at most. Weights and data travel as models, not as code. */
export const snapshotLimits = { bytes: 100 * 2 ** 20, files: 10_000 };

/** A predictor's project as it is on the disk now. */
export interface ProjectSnapshot {
  root: string;
  code: CodeSnapshot;
  files: TreeFile[];
}

export interface SnapshotOptions {
  /** Absolute. */
  entrypoint: string;
  /** SPELL_HOME: should it lie in the project, it stays out. */
  home: string;
  /** Only tests set other ones. */
  limits?: typeof snapshotLimits;
}

/**
 * Takes the project around an entrypoint: the working tree, so uncommitted changes too, without what `.gitignore` and
 * `.spellignore` exclude. Nothing is sent.
 *
 * Throws `bad-path` for an entrypoint that is no file, and for what cannot be taken along; `too-large`, naming the
 * largest entries, beyond {@link snapshotLimits}.
 */
export async function takeSnapshot({ entrypoint, home, limits = snapshotLimits }: SnapshotOptions): Promise<ProjectSnapshot> {
  await checkEntrypoint(entrypoint);
  // The folder is the one that was named, so that messages name what the user knows; a linked file stays where its link is.
  const root = await projectRoot(entrypoint);
  const found: FoundFile[] = [];
  const selection = codeSelection(await readRules(root), { entrypoint, except: await placeIn(root, home) });
  await walk({
    root,
    selection,
    special: 'skip',
    found: (file) => {
      found.push(file);
      if (found.length > limits.files) throw tooLarge(root, found, `more than ${limits.files} files`, 'files');
    },
  });
  const bytes = sum(found.map(({ size }) => size));
  if (bytes > limits.bytes) {
    throw tooLarge(root, found, `${shownSize(bytes)}, more than the ${shownSize(limits.bytes)} that code may have`, 'bytes');
  }
  const files = await digestFiles(found);
  const path = relative(root, entrypoint).split(sep).join('/');
  return { root, code: { entrypoint: path, files: toManifest(files), servedFrom: { root, entrypoint } }, files };
}

async function readRules(root: string): Promise<IgnoreRules> {
  return IgnoreRules.at(root).catch((error) => Promise.reject(unreadable((error as NodeJS.ErrnoException).path ?? root, error)));
}

async function checkEntrypoint(entrypoint: string): Promise<void> {
  const found = await stat(entrypoint).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw unreadable(entrypoint, error);
    throw new SpellError(
      'bad-path',
      `there is no entrypoint ${entrypoint}`,
      "name the predictor's file, as in: spell server serve MODEL predictor.py",
    );
  });
  if (found.isDirectory()) {
    throw new SpellError(
      'bad-path',
      `the entrypoint ${entrypoint} is a folder`,
      `name the predictor's file in it, as in ${join(entrypoint, 'predictor.py')}`,
    );
  }
  if (!basename(entrypoint).endsWith('.py')) {
    throw new SpellError('bad-path', `the entrypoint ${entrypoint} is not a Python file`, 'its name must end with .py');
  }
}

/** The error for a project beyond the limits, with its largest entries: the first pieces of the paths, so what an ignore file would name. */
function tooLarge(root: string, found: readonly FoundFile[], what: string, measure: 'bytes' | 'files'): SpellError {
  const entries = Map.groupBy(found, ({ path }) => (path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path));
  const largest = [...entries]
    .map(([name, files]) => ({ name, files: files.length, bytes: sum(files.map(({ size }) => size)) }))
    .sort((a, b) => b[measure] - a[measure])
    .slice(0, 3)
    .map(({ name, files, bytes }) => `${name} (${measure === 'bytes' ? shownSize(bytes) : `${files} files`})`);
  return new SpellError(
    'too-large',
    `the project ${root} has ${what}; its largest entries are ${largest.join(', ')}`,
    `list in ${join(root, '.spellignore')} what the predictor does not need, and upload data with: spell upload PATH`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
