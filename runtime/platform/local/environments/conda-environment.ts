import { stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CondaFile } from '../../../api/settings.ts';
import { type InterpreterFacts, versionText } from '../interpreter-probe.ts';
import { nameOfFacts } from '../layout.ts';
import { PreparationError } from '../preparation-error.ts';
import { type CondaTool, condaAnswers, condaCreate, findCondaTool, usualCondaFolders } from './conda-tools.ts';
import type { Bench, Made, Recipe } from './recipe.ts';

/** What its interpreter says of itself. */
type Probe = (interpreter: string, signal: AbortSignal) => Promise<InterpreterFacts>;

/** The environment of `--conda-file`, which takes the place of the chosen interpreter (`spec/behaviour.md` §1). `folders`: where tools lie beside `PATH`. */
export function condaEnvironment({ file, content }: CondaFile, probe: Probe, folders: readonly string[] = usualCondaFolders): Recipe {
  // Variables are the workers' own: they change nothing in it.
  const { variables: _, ...asked } = content;
  return {
    name: nameOfFacts(['conda', process.platform, process.arch, asked]),
    kind: 'conda',
    packages: [],
    file,
    title: basename(file),
    make: async (bench) => make(file, asked, await findCondaTool(file, bench.env, folders), probe, bench),
  };
}

/** The variables that a conda file asks for, as a shell that activates its environment would set them; beside where that lies. */
export function condaVariables({ content }: CondaFile, interpreter: string): Record<string, string> {
  const asked = Object.entries(content.variables ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(asked), CONDA_PREFIX: prefixOf(interpreter) };
}

async function make(
  file: string,
  content: CondaFile['content'],
  tool: CondaTool,
  probe: Probe,
  { folder, signal, run }: Bench,
): Promise<Made> {
  const { stringify } = await import('yaml');
  const written = join(folder, 'environment.yml');
  await writeFile(written, stringify(content, { lineWidth: 0 }));
  const prefix = join(folder, 'conda');
  await run({
    tool: tool.name,
    command: condaCreate(tool, written, prefix),
    cwd: folder,
    env: { ...condaAnswers, PIP_USER: '0' },
    keys: '`conda-file`',
  });
  const interpreter = interpreterIn(prefix);
  const wrong = (message: string): PreparationError =>
    new PreparationError({ code: 'environment-failed', message, hint: 'ask for one among its dependencies: python>=3.9', file });
  if (!(await stat(interpreter).catch(() => null))) throw wrong(`${file} brings no Python`);
  const facts = await probe(interpreter, signal).catch((error: unknown) => {
    if (error instanceof PreparationError && error.failure.code === 'python-too-old') throw wrong(`${file}: ${error.message}`);
    throw error;
  });
  return { interpreter, version: versionText(facts), tool: tool.name };
}

function interpreterIn(prefix: string): string {
  return process.platform === 'win32' ? join(prefix, 'python.exe') : join(prefix, 'bin', 'python');
}

function prefixOf(interpreter: string): string {
  return process.platform === 'win32' ? join(interpreter, '..') : join(interpreter, '..', '..');
}
