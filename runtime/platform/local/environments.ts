import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseInstaller, type Installer, pythonIn } from './installers.ts';
import { type InterpreterFacts, versionText } from './interpreter-probe.ts';
import { nameOfFacts } from './layout.ts';
import { PreparationError } from './preparation-error.ts';
import { fileInSnapshot, namesProjectFiles, type Requirements, requirementsTitle } from './requirements.ts';
import { resolverWords } from './resolver-words.ts';
import { SharedWork, type Wanted } from './shared-work.ts';
import { runTool, type ToolEnd } from './tool.ts';

export interface EnvironmentsOptions {
  /** One folder per environment below it. */
  root: string;
  /** One file per environment, with all that its installer printed. */
  logs: string;
  pipWheel: string;
  /** What installers get to see of the control plane's environment. */
  env: Record<string, string>;
}

/** What an environment is made from. `code` is the snapshot that it belongs to if its requirements name files in it. */
export interface EnvironmentRequest {
  python: InterpreterFacts;
  requirements: Requirements;
  code: { digest: string; folder: string };
}

/** Written last: an environment without it was never finished. Its time says when it was used last. */
const marker = 'spell-environment.json';
const keptUnusedMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The managed environments of `--pip` and `--pip-req`: a virtual environment over the chosen interpreter for each set
 * of requirements, made when it is first asked for and shared from then on. Its own packages come first; behind them
 * those of the interpreter, also where that is a virtual environment itself.
 */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #work = new SharedWork<void>();

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  /**
   * The interpreter of the environment, complete. Requirements are resolved by themselves, never against what the
   * interpreter happens to have: so equal requirements mean equal environments, and one stays whole when the packages
   * behind it change.
   * @throws PreparationError `environment-failed`, with the resolver's own words
   */
  async get(request: EnvironmentRequest, wanted: Wanted): Promise<string> {
    const name = nameOf(request);
    const folder = join(this.#options.root, name);
    await this.#work.run(name, wanted, async (work) => {
      if (!(await isComplete(folder))) await this.#make(name, folder, request, work);
    });
    const now = new Date();
    await utimes(join(folder, marker), now, now);
    return pythonIn(folder);
  }

  /** Removes what was never finished, and what nobody used for a month and nobody uses now. */
  async removeUnused(isUsed: (folder: string) => boolean, nowMs: number): Promise<void> {
    for (const name of await readdir(this.#options.root).catch(() => [])) {
      const folder = join(this.#options.root, name);
      const used = await stat(join(folder, marker)).catch(() => null);
      if (used && (isUsed(folder) || nowMs - used.mtimeMs < keptUnusedMs)) continue;
      await rm(folder, { recursive: true, force: true });
      await rm(this.#logOf(name), { force: true });
    }
  }

  #logOf(name: string): string {
    return join(this.#options.logs, `${name}.log`);
  }

  async #make(
    name: string,
    folder: string,
    { python, requirements, code }: EnvironmentRequest,
    { signal, onProgress }: Wanted,
  ): Promise<void> {
    const { logs, pipWheel, env } = this.#options;
    const title = `creating the environment with ${requirementsTitle(requirements)}`;
    onProgress(title);
    await rm(folder, { recursive: true, force: true });
    await Promise.all([mkdir(folder, { recursive: true }), mkdir(logs, { recursive: true })]);
    try {
      const { files, cwd } = await requirementFiles(requirements, folder, code.folder);
      const installer = await chooseInstaller({ python, folder, requirementFiles: files, pipWheel, path: env.PATH });
      const run = async (command: string[]): Promise<void> => {
        const [program = '', ...args] = command;
        const onLine = (line: string): void => {
          if (line.trim() !== '') onProgress(`${title}: ${line.trim()}`);
        };
        // `pip.conf` may ask for installations into the user's site, which no virtual environment has.
        const settings = { NO_COLOR: '1', UV_PYTHON_DOWNLOADS: 'never', PYTHONUNBUFFERED: '1', PIP_USER: '0' };
        const end = await runTool({
          command: [program, ...args],
          cwd,
          env: { ...env, ...settings },
          signal,
          onLine,
          logFile: this.#logOf(name),
        });
        if (end.status !== 0) throw this.#failure(name, installer, requirements, end);
      };
      if (typeof installer.make === 'function') await installer.make();
      else await run(installer.make);
      await run(installer.install);
      await layOver(python, folder);
      const facts = { python: python.executable, version: versionText(python), requirements, installer: installer.name };
      await writeFile(join(folder, marker), `${JSON.stringify(facts, null, 2)}\n`);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  #failure(name: string, installer: Installer, requirements: Requirements, end: ToolEnd): PreparationError {
    const { summary, log } = resolverWords(end.lines);
    const key = requirements.file ? (requirements.packages.length > 0 ? '`pip` and `pip-req`' : '`pip-req`') : '`pip`';
    return new PreparationError({
      code: 'environment-failed',
      message: `${installer.name} could not install ${requirementsTitle(requirements)}: ${end.error?.message ?? summary}`,
      hint: `correct ${key} and serve again; everything it printed is in logs/environments/${name}.log`,
      file: requirements.file?.name ?? null,
      log,
    });
  }
}

function nameOf({ python, requirements, code }: EnvironmentRequest): string {
  const interpreter = [python.executable, python.basePrefix, versionText(python), python.implementation, python.platform];
  return nameOfFacts([
    interpreter,
    requirements.packages,
    requirements.file?.lines ?? [],
    namesProjectFiles(requirements) ? code.digest : null,
  ]);
}

async function isComplete(folder: string): Promise<boolean> {
  const [made, python] = await Promise.all([stat(join(folder, marker)).catch(() => null), stat(pythonIn(folder)).catch(() => null)]);
  return made !== null && python !== null;
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
