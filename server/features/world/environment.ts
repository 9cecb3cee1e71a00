/** The Python environment that predictors run in, as it lies on disk. */
export interface Environment {
  /** The interpreter, for messages. */
  readonly python: string;
  /** `3.11`, when it is known. */
  readonly version: string | undefined;
  /** The names that can be imported beside the standard library: `numpy`, `PIL`. */
  readonly modules: ReadonlySet<string>;
  /** The installed distributions by their normalised names. */
  readonly distributions: ReadonlyMap<string, Distribution>;
}

/** What was installed under one name. */
export interface Distribution {
  readonly name: string;
  readonly version: string;
  readonly modules: readonly string[];
}

/** A distribution's name as indexes compare it (PEP 503). */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
