import type { Work } from '../contestants/contestant.ts';

/** A serving system, or a web framework, that people would use instead. */
export interface Peer {
  name: string;
  /** Its packages, pinned; a virtual environment of its own holds them. */
  requirements: string[];
  /** How it is configured: the way its documentation recommends for production, for one process or replica. */
  configuration: string;
  /** Whether it forms batches. */
  batches: boolean;
  /** Whether it can be told to refuse what it has no room for. */
  refuses: boolean;
  /** `one`: it is one process, which gets core 0 as our gateway does. `both`: it has several, which get both cores. */
  cores: 'one' | 'both';
  /** Its path, and the body that carries the payload. */
  path: string;
  body(payload: string, work: Work): string;
  /** The command line after the interpreter's folder; it runs in `test/bench/peers`. */
  command(bin: (name: string) => string, port: number, work: Work): string[];
  /**
   * Added to the environment, which also says BENCH_PORT, BENCH_WORK, BENCH_MAX_WAITING, BENCH_SEEN and
   * BENCH_FOLDER, which is empty and is removed afterwards. `otherPort` is free, too.
   */
  env?(port: number, work: Work, otherPort: number): Record<string, string>;
}
