import { delimiter } from 'node:path';
import { inheritedBy } from '../../api/inherited-environment.ts';
import { processMarks } from '../../api/processes.ts';
import type { PreparedPython } from './prepare-python.ts';

/** The environment that every process of a home starts from. */
export function baseEnvironment(from: NodeJS.ProcessEnv, home: string, platform?: NodeJS.Platform): Record<string, string> {
  return { ...inheritedBy('worker', from, platform), [processMarks.home]: home };
}

/** The environment of the gateway, which runs under the Node that runs the control plane. */
export function gatewayEnvironment(from: NodeJS.ProcessEnv, home: string): Record<string, string> {
  return { ...baseEnvironment(from, home), ...inheritedBy('gateway', from) };
}

/** The environment of `pip`, `uv` and conda's tools. */
export function installerEnvironment(from: NodeJS.ProcessEnv, home: string): Record<string, string> {
  return { ...inheritedBy('installer', from), [processMarks.home]: home };
}

/**
 * The environment of a revision's workers: the base, the folders and variables of its interpreter (as after `activate`), and
 * the settings' `env`. Neither can change what marks our processes.
 */
export function workerEnvironment(
  base: Record<string, string>,
  { folders, variables }: Omit<PreparedPython, 'executable'>,
  said: Record<string, string>,
): Record<string, string> {
  const path = [...folders, base.PATH].filter(Boolean).join(delimiter);
  const marks = new Set<string>(Object.values(processMarks));
  const allowed = Object.fromEntries(Object.entries({ ...variables, ...said }).filter(([name]) => !marks.has(name)));
  return { ...base, ...(path === '' ? {} : { PATH: path }), ...allowed };
}
