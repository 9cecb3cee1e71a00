import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { spellYamlName } from '../parse/yaml/spell-yaml.ts';
import { type Checked, check } from './check.ts';
import { namedFile, nothingToCheck } from './named-file.ts';

/** Where a command runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Checks what a command line names, or the `spell.yaml` of its folder. Each file is held against the packages of its own
 * environment. Throws `bad-path` and `usage` as {@link namedFile} and {@link nothingToCheck} say.
 */
export async function checkNamed(typed: readonly string[], { cwd, env }: Surroundings): Promise<Checked> {
  if (typed.length === 0 && !(await isFile(join(cwd, spellYamlName)))) throw await nothingToCheck(cwd);
  const names = typed.length === 0 ? [spellYamlName] : typed;
  const files = await Promise.all(names.map((name) => namedFile(resolve(cwd, name), name)));
  const placed = await Promise.all([...new Set(files)].map(async (file) => ({ file, python: await pythonFor(file, env) })));
  const groups = [...Map.groupBy(placed, ({ python }) => python)];
  const checked = await Promise.all(
    groups.map(([python, group]) => check({ files: group.map(({ file }) => file), ...(python === undefined ? {} : { python }) })),
  );
  return { diagnostics: checked.flatMap((each) => each.diagnostics), unchecked: checked.flatMap((each) => each.unchecked) };
}

/** The environment that a command would choose for a file, as far as it can be known without running Python. */
async function pythonFor(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = [env.VIRTUAL_ENV, join(dirname(file), '.venv')].flatMap((folder) => (folder ? [resolve(folder, ...bin)] : []));
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  return undefined;
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
