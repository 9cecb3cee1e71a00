import * as z from 'zod/mini';
import type { ObservedRevision } from '../platform.ts';
import { runTool } from './tool.ts';

export type PathsMode = NonNullable<ObservedRevision['paths']>;

export interface PathsTrialOptions {
  /** The worker's program, `spell/worker/__main__.py`, which has the trial. */
  worker: string;
  emptyFolder: string;
  env: Record<string, string>;
  /** The value of `SPELL_PATHS`: `namespace` or `rewrite` decide without a trial. For tests, and for who knows better. */
  forced: string | undefined;
  say: (line: string) => void;
}

const trialTimeoutMs = 10_000;

const answer = z.union([z.object({ works: z.literal(true), way: z.string() }), z.object({ works: z.literal(false), reason: z.string() })]);

/**
 * How `/model` and `/mounts` reach a predictor on this machine. Whether a worker can have a private mount namespace is
 * tried, once for each interpreter and control plane, by doing all of it: settings that forbid it are many, and each
 * system has others.
 */
export class PathsTrial {
  readonly #options: PathsTrialOptions;
  readonly #known = new Map<string, Promise<PathsMode>>();

  constructor(options: PathsTrialOptions) {
    this.#options = options;
  }

  async modeFor(python: string): Promise<PathsMode> {
    const { forced } = this.#options;
    if (forced === 'namespace' || forced === 'rewrite') return forced;
    if (process.platform !== 'linux') return 'rewrite';
    const known = this.#known.get(python) ?? this.#try(python);
    this.#known.set(python, known);
    return known;
  }

  async #try(python: string): Promise<PathsMode> {
    const { worker, emptyFolder, env, say } = this.#options;
    const reason = await runTool({
      command: [python, worker, 'trial', emptyFolder],
      cwd: emptyFolder,
      env,
      signal: AbortSignal.timeout(trialTimeoutMs),
    }).then(
      ({ lines, error }) => {
        const said = answer.safeParse(parseJson(lines.at(-1) ?? ''));
        if (!said.success) return error?.message ?? `the trial said ${JSON.stringify(lines.at(-1) ?? 'nothing')}`;
        return said.data.works ? null : said.data.reason;
      },
      (error: unknown) => String(error),
    );
    if (reason === null) return 'namespace';
    say(
      `/model and /mounts are led to real folders by rewriting paths: a private mount namespace is not to be had for ${python} (${reason})`,
    );
    return 'rewrite';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
