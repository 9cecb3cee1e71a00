import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { type InterpreterFacts, interpreterFacts, interpreterProbe, versionText } from './interpreter-probe.ts';
import { PreparationError } from './preparation-error.ts';
import { runTool } from './tool.ts';

const oldest = [3, 9] as const;
const probeTimeoutMs = 20_000;
const installHint = `choose a Python ${oldest.join('.')} or newer with \`python: PATH\` in spell.yaml or \`--python PATH\``;

export interface InterpretersOptions {
  /** Where facts are kept from one control plane to the next. */
  file: string;
  /** A folder without modules, to run the probe in. */
  cwd: string;
  env: Record<string, string>;
}

/** Knows interpreters: each one is asked once for what it is, until its file changes. */
export class Interpreters {
  readonly #options: InterpretersOptions;
  #facts: Promise<Map<string, InterpreterFacts>> | undefined;

  constructor(options: InterpretersOptions) {
    this.#options = options;
  }

  /**
   * The interpreter at a path, or the first `python3` or `python` on `PATH`.
   * @throws PreparationError `python-not-found`, `python-broken` or `python-too-old`
   */
  async find(path: string | undefined, signal: AbortSignal): Promise<InterpreterFacts> {
    const asked = path ?? (await onPath(['python3', 'python'], this.#options.env.PATH));
    if (asked === undefined) {
      throw new PreparationError({ code: 'python-not-found', message: 'there is no `python3` on PATH', hint: installHint });
    }
    const facts = await this.#factsOf(asked, signal);
    const [major, minor] = facts.version;
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
      const message = `the interpreter ${asked} is Python ${versionText(facts)}, older than ${oldest.join('.')}`;
      throw new PreparationError({ code: 'python-too-old', message, hint: installHint });
    }
    return facts;
  }

  async #factsOf(path: string, signal: AbortSignal): Promise<InterpreterFacts> {
    const key = await stampOf(path);
    this.#facts ??= readFacts(this.#options.file);
    const known = await this.#facts;
    const found = key === null ? undefined : known.get(key);
    if (found) return found;
    const facts = await this.#ask(path, signal);
    if (key !== null) {
      known.set(key, facts);
      // Only a saving: where it cannot be kept, the next control plane asks again.
      await writeFacts(this.#options.file, known).catch(() => {});
    }
    return facts;
  }

  async #ask(path: string, signal: AbortSignal): Promise<InterpreterFacts> {
    const { cwd, env } = this.#options;
    const slow = AbortSignal.timeout(probeTimeoutMs);
    const broken = (what: string, log: string[] = []): PreparationError =>
      new PreparationError({ code: 'python-broken', message: `the interpreter ${path} ${what}`, hint: installHint, log });
    const end = await runTool({ command: [path, '-E', '-c', interpreterProbe], cwd, env, signal: AbortSignal.any([signal, slow]) }).catch(
      (error: unknown) => {
        if (slow.aborted && !signal.aborted) throw broken(`did not answer within ${probeTimeoutMs / 1000} s`);
        throw error;
      },
    );
    if (end.error) throw broken(`cannot be started: ${end.error.message}`);
    if (end.status !== 0) throw broken(`does not run: ${end.lines.at(-1) ?? 'it was ended by a signal'}`, end.lines.slice(-20));
    const answer = interpreterFacts.safeParse(parseJson(end.lines.at(-1) ?? ''));
    if (!answer.success) throw broken('does not answer as Python does', end.lines.slice(-20));
    return answer.data;
  }
}

/**
 * What tells whether the file at a path is still the interpreter that was asked: null where that cannot be told, since
 * a version manager's shim is a script that leads elsewhere from one day to the next.
 * @throws PreparationError when there is none
 */
async function stampOf(path: string): Promise<string | null> {
  try {
    await using file = await open(path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 2 && buffer.toString('latin1') === '#!') return null;
    const { mtimeMs, size } = await file.stat();
    const settings = await stat(join(dirname(dirname(path)), 'pyvenv.cfg')).catch(() => null);
    return JSON.stringify([path, mtimeMs, size, settings?.mtimeMs ?? null]);
  } catch (error) {
    const message = `there is no interpreter at ${path} (${(error as NodeJS.ErrnoException).code ?? error})`;
    throw new PreparationError({ code: 'python-not-found', message, hint: installHint }, { cause: error });
  }
}

/** The first of some programs on a `PATH`. */
export async function onPath(names: readonly string[], path: string | undefined): Promise<string | undefined> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const name of names) {
    for (const folder of (path ?? '').split(delimiter).filter(Boolean)) {
      const file = join(folder, name + suffix);
      const found = await stat(file).catch(() => null);
      if (found?.isFile() && (suffix !== '' || (found.mode & 0o111) !== 0)) return file;
    }
  }
  return undefined;
}

const factsFile = z.array(z.tuple([z.string(), interpreterFacts]));

/** A file that is missing, of another version or damaged only means that everybody is asked again. */
async function readFacts(file: string): Promise<Map<string, InterpreterFacts>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const parsed = factsFile.safeParse(parseJson(text));
  return new Map(parsed.success ? parsed.data : []);
}

async function writeFacts(file: string, facts: Map<string, InterpreterFacts>): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  await writeFile(beside, JSON.stringify([...facts]));
  await rename(beside, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
