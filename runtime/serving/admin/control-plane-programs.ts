import { isAbsolute } from 'node:path';
import type { ControlPlaneProgram } from '../gateway-options.ts';

/** Older ones are as good as gone. */
const kept = 4;

/**
 * The programs that a control plane can be started from: that of the one which took this gateway over last, and those
 * before it. A gateway outlives updates, and an editor removes the folder of an extension that it has updated.
 */
export class ControlPlanePrograms {
  /** The newest first. */
  #known: ControlPlaneProgram[];
  readonly #isThere: (path: string) => boolean;

  constructor(first: ControlPlaneProgram, isThere: (path: string) => boolean) {
    this.#known = [first];
    this.#isThere = isThere;
  }

  /** From now on this one is the newest. */
  add(program: ControlPlaneProgram): void {
    const others = this.#known.filter(({ command }) => !isSame(command, program.command));
    this.#known = [program, ...others].slice(0, kept);
  }

  /** The newest one that is still there, and the files that newer ones miss. */
  choose(): { program: ControlPlaneProgram | undefined; gone: string[] } {
    const gone: string[] = [];
    for (const program of this.#known) {
      const missing = program.command.filter((word) => isAbsolute(word) && !this.#isThere(word));
      if (missing.length === 0) return { program, gone };
      gone.push(...missing);
    }
    return { program: undefined, gone };
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}
