import { renameSync, type Stats } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesBelow } from '../../../api/bytes-below.ts';
import type { KeptEnvironment } from '../../platform.ts';
import { PreparationError } from '../preparation-error.ts';
import { SharedWork, type Wanted } from '../shared-work.ts';
import { runTool } from '../tool.ts';
import { failedMarkerName, type Marker, markerName, readFailedMarker, readMarker, writeFailedMarker, writeMarker } from './marker.ts';
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

/** How many of the last lines of a log are told. */
const toldLines = 2000;

/** Of a folder that is being removed. */
const removedSuffix = '.gone';

/** One that is being made: what is on the disk of it says nothing yet. */
interface Making {
  recipe: Recipe;
  createdAt: string;
  stage: string;
}

/**
 * The managed environments of `--pip`, `--pip-req` and `--conda-file`: made when they are first asked for and shared from
 * then on by whatever asks for the same.
 */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #work = new SharedWork<void>();
  readonly #uses: EnvironmentUses;
  readonly #making = new Map<string, Making>();

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

  /** All that are complete, are being made, or could not be made, those that were used last first. */
  async list(isUsed: IsUsed): Promise<KeptEnvironment[]> {
    await this.#uses.load();
    const names = new Set([...this.#making.keys(), ...(await readdir(this.#options.root).catch(() => []))]);
    const found = await Promise.all([...names].filter(isEnvironment).map((name) => this.#describe(name, isUsed)));
    return found.filter((each) => each !== null).sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** The last lines that its installers printed; null where there is no such environment. */
  async log(name: string): Promise<string[] | null> {
    const known = this.#making.has(name) || (await readdir(this.#options.root).catch((): string[] => [])).includes(name);
    if (!known || !isEnvironment(name)) return null;
    const text = await readFile(this.#logOf(name), 'utf8').catch(() => '');
    return text === '' ? [] : text.replace(/\n$/, '').split('\n').slice(-toldLines);
  }

  /** Removes some of them, but none that is needed in the moment before, or is being made. Returns those that are gone. */
  async remove(names: readonly string[], isUsed: IsUsed): Promise<string[]> {
    await this.#uses.load();
    const removed = names.filter((name) => {
      const folder = join(this.#options.root, name);
      if (isUsed(this.#uses.of(name)) || this.#making.has(name) || !isEnvironment(name)) return false;
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
      const used = (await statOrNull(join(folder, markerName))) ?? (await statOrNull(join(folder, failedMarkerName)));
      if (used && nowMs - used.mtimeMs < keptUnusedMs) continue;
      await this.remove([name], isUsed);
    }
  }

  async #describe(name: string, isUsed: IsUsed): Promise<KeptEnvironment | null> {
    const folder = join(this.#options.root, name);
    const uses = this.#uses.of(name);
    const all = { id: name, uses, inUse: isUsed(uses), stage: null, failure: null };
    const none = { interpreter: null, version: null, tool: null, size: 0 };
    const making = this.#making.get(name);
    if (making) {
      const { recipe, createdAt, stage } = making;
      const { kind, packages, file } = recipe;
      return { ...all, state: 'making', kind, packages, file, ...none, createdAt, lastUsedAt: createdAt, stage, inUse: true };
    }
    const [marker, used] = await Promise.all([readMarker(folder), statOrNull(join(folder, markerName))]);
    if (marker && used) return { ...all, state: 'ready', ...marker, lastUsedAt: used.mtime.toISOString() };
    const failed = await readFailedMarker(folder);
    return failed && { ...all, state: 'failed', ...none, ...failed, lastUsedAt: failed.createdAt };
  }

  async #clear(name: string): Promise<void> {
    await rm(join(this.#options.root, name + removedSuffix), { recursive: true, force: true });
    await rm(this.#logOf(name), { force: true });
  }

  #logOf(name: string): string {
    return join(this.#options.logs, `${name}.log`);
  }

  async #make(recipe: Recipe, folder: string, { signal, onProgress }: Wanted): Promise<void> {
    const { name, kind, packages, file, title } = recipe;
    const making: Making = { recipe, createdAt: new Date().toISOString(), stage: `creating the environment with ${title}` };
    const wanted: Wanted = {
      signal,
      onProgress: (stage) => {
        making.stage = stage;
        onProgress(stage);
      },
    };
    const temporary = join(folder, temporaryName);
    this.#making.set(name, making);
    wanted.onProgress(making.stage);
    try {
      await rm(folder, { recursive: true, force: true });
      await Promise.all([mkdir(temporary, { recursive: true }), mkdir(this.#options.logs, { recursive: true })]);
      const made = await recipe.make(this.#benchFor(recipe, folder, wanted));
      await rm(temporary, { recursive: true, force: true });
      await writeMarker(folder, { kind, ...made, packages, file, size: await bytesBelow(folder), createdAt: new Date().toISOString() });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (error instanceof PreparationError) await this.#noteFailure(recipe, folder, error);
      throw error;
    } finally {
      this.#making.delete(name);
    }
  }

  /** What is left of one that could not be made: why, and who wanted it. */
  async #noteFailure({ name, kind, packages, file }: Recipe, folder: string, { failure }: PreparationError): Promise<void> {
    const { message, hint, log } = failure;
    for (const use of this.#uses.of(name)) await this.#uses.write(name, use);
    await mkdir(folder, { recursive: true });
    await writeFailedMarker(folder, { kind, packages, file, createdAt: new Date().toISOString(), failure: { message, hint, log } });
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

function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

async function completeIn(folder: string): Promise<Marker | null> {
  const marker = await readMarker(folder);
  return marker && (await statOrNull(marker.interpreter)) ? marker : null;
}
