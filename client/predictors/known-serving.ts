import { dirname, join } from 'node:path';
import { exists } from '../../runtime/api/project/project-root.ts';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import { readSpellYaml } from '../../runtime/api/project/spell-yaml.ts';
import type { Context } from '../context.ts';
import { entrypointOf, saidByFile } from './entrypoint.ts';
import { lastAnswers } from './last-answers.ts';

/**
 * How a file is served, as far as that is known without a question: by the document of a `spell.yaml` whose entrypoint it is,
 * in its folder or above it within the workspace, else as it was served last. Of several documents the first wins, unless a
 * class was named. Throws what is wrong with the `spell.yaml`.
 */
export async function knownServing(context: Context, file: string, classname?: string): Promise<SaidSettings | undefined> {
  for (const folder of foldersOf(context, file)) {
    const yaml = join(folder, 'spell.yaml');
    if (!(await exists(yaml))) continue;
    const fitting = (await readSpellYaml(yaml)).map(({ said }) => said).filter((said) => entrypointOf(said) === file);
    const found = fitting.find((said) => classname === undefined || said.classname?.value === classname) ?? fitting[0];
    if (found) return found;
  }
  const last = lastAnswers(context).of(file);
  return last?.complete ? last.said : undefined;
}

/** What a wizard proposes for a file: how it is known to be served, else what was answered last, which may lack its `env`. */
export async function proposedServing(context: Context, file: string, classname?: string): Promise<SaidSettings> {
  const known = (await knownServing(context, file, classname)) ?? lastAnswers(context).of(file)?.said;
  return { ...known, ...saidByFile(file, classname) };
}

/** The folder of a file and those above it, up to the workspace's; the first alone where it is in none. */
function foldersOf({ code: { Uri, workspace } }: Context, file: string): string[] {
  const own = dirname(file);
  const root = workspace.getWorkspaceFolder(Uri.file(file))?.uri.fsPath;
  if (root === undefined) return [own];
  const folders = [own];
  for (let folder = own; folder !== root && dirname(folder) !== folder; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}
