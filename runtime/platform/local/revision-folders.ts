import type { Manifest } from '../../api/objects.ts';
import type { ArtefactSource, PinnedModel, PinnedMount, RevisionSpec } from '../platform.ts';
import type { ArtefactRequest } from './artefact-folders.ts';
import { folderName, nameOfFacts } from './layout.ts';
import type { PathsMode } from './paths-trial.ts';
import { readManifest } from './source.ts';

/** The folder of a revision's code. */
export function codeRequest({ code }: RevisionSpec, source: ArtefactSource): ArtefactRequest {
  return {
    name: folderName(code.manifest),
    title: 'copying the code',
    files: 'copy',
    read: (signal) => readManifest(source, code.manifest, signal),
  };
}

/**
 * The folder of a revision's models, which becomes `/model`: one model's files as they are, those of several below the
 * models' names. Null without a model.
 */
export function modelsRequest({ models }: RevisionSpec, paths: PathsMode, source: ArtefactSource): ArtefactRequest | null {
  const name = modelsFolderName(models, paths);
  if (name === null) return null;
  const read = async (signal: AbortSignal): Promise<Manifest> => {
    const manifests = await Promise.all(
      models.map(async (model) => ({ model, files: await readManifest(source, model.manifest, signal) })),
    );
    return manifests.flatMap(({ model, files }) =>
      models.length === 1 ? files : files.map((file) => ({ ...file, path: `${model.name}/${file.path}` })),
    );
  };
  const title = `fetching ${models.map((model) => `${model.name}:${model.version}`).join(', ')}`;
  return { name, title, files: sharesFiles(paths) ? 'share' : 'copy', read };
}

/** The folder that becomes `/mounts`: each mount's files in its place. Null without a mount. */
export function mountsRequest({ mounts = [] }: RevisionSpec, paths: PathsMode, source: ArtefactSource): ArtefactRequest | null {
  const name = mountsFolderName(mounts, paths);
  if (name === null) return null;
  const read = async (signal: AbortSignal): Promise<Manifest> =>
    (await Promise.all(mounts.map(({ manifest }) => readManifest(source, manifest, signal)))).flat();
  const title = `fetching ${mounts.map(({ resource }) => resource).join(', ')}`;
  return { name, title, files: sharesFiles(paths) ? 'share' : 'copy', read };
}

/** The folders that a revision needs, by name, whichever way its paths go; those of mounts lie beside those of models. */
export function foldersOf({ code, models, mounts = [] }: RevisionSpec): { code: string; models: string[] } {
  const names = (['namespace', 'rewrite'] as const).flatMap((paths) => [modelsFolderName(models, paths), mountsFolderName(mounts, paths)]);
  return { code: folderName(code.manifest), models: names.filter((name) => name !== null) };
}

function modelsFolderName(models: PinnedModel[], paths: PathsMode): string | null {
  const [first, ...others] = models;
  if (first === undefined) return null;
  const name = others.length === 0 ? folderName(first.manifest) : nameOfFacts(models.map((model) => [model.name, model.manifest]));
  return sharesFiles(paths) ? name : `${name}-copy`;
}

function mountsFolderName(mounts: PinnedMount[], paths: PathsMode): string | null {
  if (mounts.length === 0) return null;
  const name = `mounts-${nameOfFacts(mounts.map(({ manifest }) => manifest))}`;
  return sharesFiles(paths) ? name : `${name}-copy`;
}

/**
 * The store's own files can be shown to a predictor where it cannot write them: below a read-only mount, or as a user who
 * has no right to. Root without such a mount gets a copy, so that a predictor which writes to its model damages no store.
 */
function sharesFiles(paths: PathsMode): boolean {
  return paths === 'namespace' || process.getuid?.() !== 0;
}
