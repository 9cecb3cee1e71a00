import { SpellError } from '../api/errors.ts';
import { manifestProblem } from '../api/manifest.ts';
import { nearNamesHint } from '../api/near-names.ts';
import type { Manifest, ModelVersion } from '../api/objects.ts';
import { foldersAndFiles } from './resources.ts';

/** A file of a model: `source` is its path in the resource, `path` the one below `/model/`. */
export type ModelFile = ModelVersion['files'][number] & { executable?: boolean | undefined };

/**
 * Chooses a model's files from a resource by `PATH[:DEST]` (`spec/behaviour.md` §4): a file without DEST keeps its path,
 * a folder brings its content, DEST is relative to `/model/` and may be written with it. Without any choice the whole
 * resource is the model.
 *
 * Throws `bad-path` for what cannot be read, or where two files would come to one place, and `not-found` for a path
 * that the resource does not have.
 */
export function selectModelFiles(resource: string, files: Manifest, choices: readonly string[]): ModelFile[] {
  const chosen =
    choices.length === 0
      ? files.map((file) => ({ ...file, source: file.path }))
      : choices.flatMap((choice) => choose(resource, files, choice));
  const problem = manifestProblem(chosen);
  if (problem) throw new SpellError('bad-path', `in the model, ${problem}`, 'give each --file a DEST of its own: --file PATH:DEST');
  return chosen.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function choose(resource: string, files: Manifest, choice: string): ModelFile[] {
  const [path, dest, ...more] = choice.split(':');
  const source = clean(path ?? '');
  if (more.length > 0 || source === '') {
    throw new SpellError(
      'bad-path',
      `--file ${JSON.stringify(choice)} is not PATH[:DEST]`,
      'write --file out/model.h5 or --file out/model.h5:model.h5',
    );
  }
  const target = dest === undefined ? source : clean(dest.replace(/^\/model(?=\/|$)/, ''));
  const file = files.find((each) => each.path === source);
  if (file) {
    const base = source.split('/').at(-1) ?? source;
    const intoFolder = dest !== undefined && (target === '' || dest.endsWith('/'));
    return [{ ...file, source, path: intoFolder ? join(target, base) : target }];
  }
  const below = files.filter((each) => each.path.startsWith(`${source}/`));
  if (below.length === 0) {
    throw new SpellError(
      'not-found',
      `${resource} has no file or folder ${JSON.stringify(path)}`,
      nearNamesHint(source, foldersAndFiles(files)),
    );
  }
  return below.map((each) => ({ ...each, source: each.path, path: join(target, each.path.slice(source.length + 1)) }));
}

/** Without slashes at its ends and without `./` in front. */
function clean(path: string): string {
  return path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function join(folder: string, rest: string): string {
  return folder === '' ? rest : `${folder}/${rest}`;
}
