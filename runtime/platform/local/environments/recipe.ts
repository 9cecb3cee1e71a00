/** How one environment is made. Recipes of one name make equal environments, so that one of them serves for all. */
export interface Recipe {
  /** A hash of all that goes into it; the folder's name. */
  name: string;
  kind: 'pip' | 'conda';
  /** What people asked for, for lists: `numpy`, `scipy<2`; and the file that asks for more. */
  packages: string[];
  file: string | null;
  /** In a few words, for progress: `numpy, scipy and requirements.txt`. */
  title: string;
  /**
   * Makes it in a folder that has nothing but its tools' temporary files, and is removed again should this reject.
   * @throws PreparationError, or the signal's reason
   */
  make(bench: Bench): Promise<Made>;
}

/** Where a recipe works. */
export interface Bench {
  folder: string;
  /** What its tools see of the control plane's environment. */
  env: Record<string, string>;
  signal: AbortSignal;
  /** Runs a tool whose lines become progress and are kept in the environment's log. Rejects with `environment-failed` where it does not end well. */
  run(step: Step): Promise<void>;
}

export interface Step {
  /** For people: `pip`. */
  tool: string;
  command: string[];
  cwd: string;
  /** Beside the bench's own. */
  env?: Record<string, string>;
  /** The settings to correct should it fail: `` `pip` ``. */
  keys: string;
}

/** An environment that is complete. */
export interface Made {
  interpreter: string;
  /** `3.11.7`. */
  version: string;
  tool: string;
}
