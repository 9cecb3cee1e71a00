import { delimiter, dirname } from 'node:path';
import { inheritedBy } from '../../api/inherited-environment.ts';
import { processMarks } from '../../api/processes.ts';

/** The environment that every process of a home starts from. */
export function baseEnvironment(from: NodeJS.ProcessEnv, home: string, platform?: NodeJS.Platform): Record<string, string> {
  return { ...inheritedBy('worker', from, platform), [processMarks.home]: home };
}

/** The environment of the gateway, which runs under the Node that runs the control plane. */
export function gatewayEnvironment(from: NodeJS.ProcessEnv, home: string): Record<string, string> {
  return { ...baseEnvironment(from, home), ...inheritedBy('gateway', from) };
}

/** The environment of `pip` and `uv`. */
export function installerEnvironment(from: NodeJS.ProcessEnv, home: string): Record<string, string> {
  return { ...inheritedBy('installer', from), [processMarks.home]: home };
}

/**
 * The environment of a revision's workers: the base, the interpreter's own folder first on `PATH` when that is a
 * virtual environment (as after `activate`), and the settings' `env`, which cannot change what marks our processes.
 */
export function workerEnvironment(
  base: Record<string, string>,
  python: { executable: string; virtual: boolean },
  said: Record<string, string>,
): Record<string, string> {
  const path = python.virtual ? [dirname(python.executable), base.PATH].filter(Boolean).join(delimiter) : base.PATH;
  const marks = new Set<string>(Object.values(processMarks));
  const allowed = Object.fromEntries(Object.entries(said).filter(([name]) => !marks.has(name)));
  return { ...base, ...(path === undefined ? {} : { PATH: path }), ...allowed };
}
