import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InterpreterFacts, versionText } from '../interpreter-probe.ts';
import { nameOfFacts } from '../layout.ts';
import { chooseInstaller, pythonIn } from './installers.ts';
import type { Bench, Made, Recipe } from './recipe.ts';
import { fileInSnapshot, namesProjectFiles, type Requirements, requirementsTitle } from './requirements.ts';

/** What a virtual environment is made from. `code` is the snapshot that it belongs to if its requirements name files in it. */
export interface VirtualEnvironment {
  python: InterpreterFacts;
  requirements: Requirements;
  code: { digest: string; folder: string };
  /** pip's own wheel, for an interpreter that has no pip. */
  pipWheel: string;
}

/**
 * The environment of `--pip` and `--pip-req`: a virtual environment over the chosen interpreter. Its own packages come
 * first; behind them those of the interpreter, also where that is a virtual environment itself, or conda's. Requirements
 * are resolved by themselves, never against what the interpreter happens to have: so equal requirements mean equal
 * environments, and one stays whole when the packages behind it change.
 */
export function virtualEnvironment(from: VirtualEnvironment): Recipe {
  const { packages, file } = from.requirements;
  return {
    name: nameOf(from),
    kind: 'pip',
    packages,
    file: file?.name ?? null,
    title: requirementsTitle(from.requirements),
    make: (bench) => make(from, bench),
  };
}

async function make({ python, requirements, code, pipWheel }: VirtualEnvironment, { folder, env, run }: Bench): Promise<Made> {
  const { files, cwd } = await requirementFiles(requirements, folder, code.folder);
  const installer = await chooseInstaller({ python, folder, requirementFiles: files, pipWheel, path: env.PATH });
  const keys = requirements.file ? (requirements.packages.length > 0 ? '`pip` and `pip-req`' : '`pip-req`') : '`pip`';
  // `pip.conf` may ask for installations into the user's site, which no virtual environment has.
  const step = { tool: installer.name, cwd, keys, env: { UV_PYTHON_DOWNLOADS: 'never', PIP_USER: '0' } };
  if (typeof installer.make === 'function') await installer.make();
  else await run({ ...step, command: installer.make });
  await run({ ...step, command: installer.install });
  await layOver(python, folder);
  return { interpreter: pythonIn(folder), version: versionText(python), tool: installer.name };
}

function nameOf({ python, requirements, code }: VirtualEnvironment): string {
  const interpreter = [python.executable, python.basePrefix, versionText(python), python.implementation, python.platform];
  const files = namesProjectFiles(requirements) ? code.digest : null;
  return nameOfFacts(['pip', interpreter, requirements.packages, requirements.file?.lines ?? [], files]);
}

/** Packages go through a file, too, so that one of them may be anything that a line may be (a marker, an option). */
async function requirementFiles(
  { packages, file }: Requirements,
  folder: string,
  codeFolder: string,
): Promise<{ files: string[]; cwd: string }> {
  const files: string[] = [];
  const write = async (name: string, lines: string[]): Promise<void> => {
    await writeFile(join(folder, name), `${lines.join('\n')}\n`);
    files.push(join(folder, name));
  };
  if (packages.length > 0) await write('packages.txt', packages);
  if (!namesProjectFiles({ packages, file })) {
    if (file) await write('requirements.txt', file.lines);
    return { files, cwd: folder };
  }
  const original = file && (await fileInSnapshot(file.name, codeFolder));
  if (original) files.push(original.path);
  else if (file) await write('requirements.txt', file.lines);
  return { files, cwd: original?.folder ?? codeFolder };
}

/**
 * Puts the interpreter's own packages behind the environment's. `addsitedir` also follows their `.pth` files (editable
 * installations). The name sorts last, so that nothing the environment brings itself comes behind them.
 */
async function layOver(python: InterpreterFacts, folder: string): Promise<void> {
  const [major, minor] = python.version;
  const packages =
    process.platform === 'win32' ? join(folder, 'Lib', 'site-packages') : join(folder, 'lib', `python${major}.${minor}`, 'site-packages');
  const lines = python.sites.map((site) => `import site; site.addsitedir(${pythonLiteral(site)})\n`);
  await writeFile(join(packages, 'zzzz_spell_interpreter.pth'), lines.join(''));
}

/** In ASCII: until Python 3.13 a `.pth` file is read in the locale's encoding. */
function pythonLiteral(text: string): string {
  const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(8, '0');
  return `"${text.replace(/[^ !#-[\]-~]/gu, (character) => `\\U${hex(character)}`)}"`;
}
