import { renameSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesBelow } from '../../../api/bytes-below.ts';
import type { KeptEnvironment } from '../../platform.ts';
import { PreparationError } from '../preparation-error.ts';
import { SharedWork, type Wanted } from '../shared-work.ts';
import { runTool } from '../tool.ts';
import { type Marker, markerName, readMarker, writeMarker } from './marker.ts';
import type { Bench, Recipe, Step } from './recipe.ts';
import { resolverWords } from './resolver-words.ts';
import { EnvironmentUses, type RevisionKey, type Use } from './uses.ts';

export interface EnvironmentsOptions {
  /** One folder per environment below it. */
  root: string;
  /** One file per environment, with all that its installer printed. */
  logs: string;
  /** What installers get to see of the control plane's environment. */
  env: Record<string, string>;
}

/** Whether an environment that was taken for these revisions is needed now. */
export type IsUsed = (uses: readonly Use[]) => boolean;

const keptUnusedMs = 30 * 24 * 60 * 60 * 1000;

/** What tools put aside while they make an environment, inside of it: one that is ended in the middle leaves nothing in the system's own folder. */
const temporaryName = 'tmp';

/** Of a folder that is being removed. */
const removedSuffix = '.gone';

/**
 * The managed environments of `--pip`, `--pip-req` and `--conda-file`: made when they are first asked for and shared from
 * then on by whatever asks for the same.
 */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #work = new SharedWork<void>();
  readonly #uses: EnvironmentUses;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
    this.#uses = new EnvironmentUses(options.root);
  }

  /**
   * The interpreter of the environment of a recipe, complete, and noted as one that this revision needs.
   * @throws PreparationError `environment-failed`, with the tool's own words; or what the recipe throws
   */
  async get(recipe: Recipe, user: RevisionKey, wanted: Wanted): Promise<string> {
    await this.#uses.load();
    const folder = join(this.#options.root, recipe.name);
    // Before anybody looks whether it is there: what is noted is not removed.
    this.#uses.note(recipe.name, { ...user, at: new Date().toISOString() });
    await this.#work.run(recipe.name, wanted, async (work) => {
      if (!(await completeIn(folder))) await this.#make(recipe, folder, work);
    });
    const made = await completeIn(folder);
    if (!made) throw new Error(`the environment ${folder} vanished while it was being used`);
    const now = new Date();
    await Promise.all([this.#uses.write(recipe.name, user), utimes(join(folder, markerName), now, now)]);
    return made.interpreter;
  }

  /** All that are complete, those that were used last first. */
  async list(isUsed: IsUsed): Promise<KeptEnvironment[]> {
    await this.#uses.load();
    const names = await readdir(this.#options.root).catch(() => []);
    const found = await Promise.all(names.map((name) => this.#describe(name, isUsed)));
    return found.filter((each) => each !== null).sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** Removes some of them, but none that is needed in the moment before. Returns those that are gone. */
  async remove(names: readonly string[], isUsed: IsUsed): Promise<string[]> {
    await this.#uses.load();
    const removed = names.filter((name) => {
      const folder = join(this.#options.root, name);
      if (isUsed(this.#uses.of(name)) || !isEnvironment(name)) return false;
      try {
        renameSync(folder, folder + removedSuffix);
      } catch {
        return false;
      }
      this.#uses.drop(name);
      return true;
    });
    for (const name of removed) await this.#clear(name);
    return removed;
  }

  /** Removes what was never finished, and what nobody used for a month and nobody needs now. */
  async removeUnused(isUsed: IsUsed, nowMs: number): Promise<void> {
    await this.#uses.load();
    for (const name of await readdir(this.#options.root).catch(() => [])) {
      if (!isEnvironment(name)) {
        await this.#clear(name.slice(0, -removedSuffix.length));
        continue;
      }
      const folder = join(this.#options.root, name);
      const used = await stat(join(folder, markerName)).catch(() => null);
      if (used && nowMs - used.mtimeMs < keptUnusedMs) continue;
      await this.remove([name], isUsed);
    }
  }

  async #describe(name: string, isUsed: IsUsed): Promise<KeptEnvironment | null> {
    const folder = join(this.#options.root, name);
    const [marker, file] = await Promise.all([readMarker(folder), stat(join(folder, markerName)).catch(() => null)]);
    if (!marker || !file || !isEnvironment(name)) return null;
    const uses = this.#uses.of(name);
    return { id: name, ...marker, lastUsedAt: file.mtime.toISOString(), uses, inUse: isUsed(uses) };
  }

  async #clear(name: string): Promise<void> {
    await rm(join(this.#options.root, name + removedSuffix), { recursive: true, force: true });
    await rm(this.#logOf(name), { force: true });
  }

  #logOf(name: string): string {
    return join(this.#options.logs, `${name}.log`);
  }

  async #make(recipe: Recipe, folder: string, wanted: Wanted): Promise<void> {
    const { kind, packages, file, title } = recipe;
    wanted.onProgress(`creating the environment with ${title}`);
    await rm(folder, { recursive: true, force: true });
    const temporary = join(folder, temporaryName);
    await Promise.all([mkdir(temporary, { recursive: true }), mkdir(this.#options.logs, { recursive: true })]);
    try {
      const made = await recipe.make(this.#benchFor(recipe, folder, wanted));
      await rm(temporary, { recursive: true, force: true });
      await writeMarker(folder, { kind, ...made, packages, file, size: await bytesBelow(folder), createdAt: new Date().toISOString() });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  #benchFor({ name, title, file }: Recipe, folder: string, { signal, onProgress }: Wanted): Bench {
    const temporary = join(folder, temporaryName);
    // By its name on Unix, and by both of its names on Windows.
    const env = { ...this.#options.env, NO_COLOR: '1', PYTHONUNBUFFERED: '1', TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    const onLine = (line: string): void => {
      if (line.trim() !== '') onProgress(`creating the environment with ${title}: ${line.trim()}`);
    };
    const run = async ({ tool, command, cwd, env: more, keys }: Step): Promise<void> => {
      const [program = '', ...args] = command;
      const end = await runTool({ command: [program, ...args], cwd, env: { ...env, ...more }, signal, onLine, logFile: this.#logOf(name) });
      if (end.status === 0) return;
      const { summary, log } = resolverWords(end.lines);
      throw new PreparationError({
        code: 'environment-failed',
        message: `${tool} could not install ${title}: ${end.error?.message ?? summary}`,
        hint: `correct ${keys} and serve again; everything it printed is in logs/environments/${name}.log`,
        file,
        log,
      });
    };
    return { folder, env, signal, run };
  }
}

/** What else lies beside them is on its way out. */
function isEnvironment(name: string): boolean {
  return !name.endsWith(removedSuffix);
}

async function completeIn(folder: string): Promise<Marker | null> {
  const marker = await readMarker(folder);
  return marker && (await stat(marker.interpreter).catch(() => null)) ? marker : null;
}
