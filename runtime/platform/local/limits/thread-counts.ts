import type { EffectiveSettings } from '../../../api/settings.ts';

/** What the libraries that predictors compute with read to know how many threads they may start. */
const variables = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'RAYON_NUM_THREADS',
  'TF_NUM_INTRAOP_THREADS',
  'PYTHON_CPU_COUNT',
] as const;

/**
 * How many threads a worker's libraries should start under `cpu-limit`: its share of the pod's CPUs, rounded up. They would
 * start one for each CPU of the machine, and wait for each other. What the settings' own `env` says of it stays. Pure.
 */
export function threadCounts(settings: EffectiveSettings): Record<string, string> {
  const limit = settings['cpu-limit'];
  if (limit === undefined) return {};
  const threads = String(Math.max(1, Math.ceil(limit / settings['num-processes'])));
  return Object.fromEntries(variables.filter((name) => settings.env?.[name] === undefined).map((name) => [name, threads]));
}
