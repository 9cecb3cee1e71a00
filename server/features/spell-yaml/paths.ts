import { nearNames } from '../../../runtime/api/near-names.ts';
import { childPath, nameOf, parentOf } from '../../parse/project/paths.ts';
import type { Span } from '../../parse/text/span.ts';
import { pathInYaml } from '../edits/yaml-edits.ts';
import type { Fix } from '../rules/rule.ts';
import type { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import type { World } from '../world/world.ts';

/** Whether there is a file at a path; undefined while nobody has looked, and where nobody can. */
export function fileExists(world: World, path: string): boolean | undefined {
  const { view } = world.project;
  if (!view.reaches(path)) return undefined;
  const listing = view.list(parentOf(path));
  return listing === undefined ? undefined : listing?.get(nameOf(path)) === 'file';
}

/** Fixes for a path that leads nowhere: the files of a kind in the same folder whose names are near, else the only one. */
export function pathFixes(file: SpellYamlFile, span: Span, path: string, kind: RegExp): Fix[] {
  const folder = parentOf(path);
  const listing = file.world.project.view.list(folder) ?? file.world.project.view.list(file.folder);
  const names = [...(listing ?? [])].flatMap(([name, what]) =>
    what === 'file' && kind.test(name) && name !== nameOf(file.path) ? [name] : [],
  );
  const near = nearNames(nameOf(path), names);
  const offered = near.length > 0 ? near : names.length === 1 ? names : [];
  const base = file.world.project.view.list(folder) ? folder : file.folder;
  return offered.map((name, index) => ({
    title: `Use ${name}`,
    preferred: index === 0,
    edits: [{ path: file.path, span, text: pathInYaml(file, childPath(base, name)) }],
  }));
}
