import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SpellError } from '../errors.ts';
import { type CondaFile, condaContent } from '../settings.ts';
import { readRequirement } from './requirements-file.ts';
import { badSetting, type Said } from './said.ts';
import { unreadable } from './unreadable.ts';
import { parseYaml } from './yaml-file.ts';

type Dependency = CondaFile['content']['dependencies'][number];

const hint = 'it needs at least `dependencies:`, a list of packages, as for `conda env create --file`';

/**
 * A conda environment file as data that means the same anywhere: requirements files that its `pip` section names are put in
 * their place. Throws `bad-path` for a file that is not there, `bad-setting` for what is no conda environment file, and for
 * what would mean something else on another machine.
 */
export async function readCondaFile(said: Said, path: string): Promise<CondaFile> {
  const file = resolve(said.folder, path);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw unreadable(file, error);
    throw new SpellError(
      'bad-path',
      `${said.where}: there is no file ${file}`,
      'name a conda environment file, as for `conda env create --file`',
    );
  });
  const parsed = condaContent.safeParse(await parseYaml(said, file, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'it';
    throw badSetting(said, `${file} is no conda environment file: ${where} is not what conda takes there`, hint);
  }
  const { channels, dependencies, variables } = parsed.data;
  const resolved = await Promise.all(dependencies.map((each) => withoutFiles(said, file, each)));
  return { file: basename(file), content: { ...(channels && { channels }), dependencies: resolved, ...(variables && { variables }) } };
}

async function withoutFiles(said: Said, file: string, dependency: Dependency): Promise<Dependency> {
  if (typeof dependency === 'string') return dependency;
  const lines = await Promise.all(dependency.pip.map((line) => readRequirement(said, line.trim(), file)));
  return { pip: lines.flat() };
}
