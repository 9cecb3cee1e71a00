import { dirname } from 'node:path';
import type { RevisionSpec } from '../platform.ts';
import { condaEnvironment, condaVariables } from './environments/conda-environment.ts';
import { requirementsOf } from './environments/requirements.ts';
import type { RevisionKey } from './environments/uses.ts';
import { virtualEnvironment } from './environments/virtual-environment.ts';
import { type InterpreterFacts, isVirtual } from './interpreter-probe.ts';
import type { Workshop } from './prepare-revision.ts';
import type { Wanted } from './shared-work.ts';

/** An interpreter, and what its programs and its workers find around it. */
export interface PreparedPython {
  executable: string;
  /** What comes first on `PATH`, as after `activate`. */
  folders: string[];
  /** Of the environment, below those of the settings. */
  variables: Record<string, string>;
}

/** The interpreter that packages are laid over. */
export interface BasePython extends Omit<PreparedPython, 'executable'> {
  facts: InterpreterFacts;
}

/** The interpreter that was chosen, or in its place that of the conda file. */
export async function prepareBase(
  { settings }: RevisionSpec,
  user: RevisionKey,
  { interpreters, environments }: Workshop,
  wanted: Wanted,
): Promise<BasePython> {
  const conda = settings['conda-file'];
  if (!conda) {
    const facts = await interpreters.find(settings.python, wanted.signal);
    return { facts, folders: isVirtual(facts) ? [dirname(facts.executable)] : [], variables: {} };
  }
  const recipe = condaEnvironment(conda, (interpreter, signal) => interpreters.find(interpreter, signal));
  const interpreter = await environments.get(recipe, user, wanted);
  const facts = await interpreters.find(interpreter, wanted.signal);
  return { facts, folders: [dirname(interpreter)], variables: condaVariables(conda, interpreter) };
}

/** The interpreter of a revision's workers: with `pip` and `pip-req` an environment over the base (`spec/behaviour.md` §1). */
export async function preparePython(
  spec: RevisionSpec,
  base: BasePython,
  codeFolder: string,
  user: RevisionKey,
  { environments, pipWheel }: Workshop,
  wanted: Wanted,
): Promise<PreparedPython> {
  const { facts, folders, variables } = base;
  const requirements = requirementsOf(spec.settings);
  if (!requirements) return { executable: facts.executable, folders, variables };
  const code = { digest: spec.code.manifest, folder: codeFolder };
  const executable = await environments.get(virtualEnvironment({ python: facts, requirements, code, pipWheel }), user, wanted);
  return { executable, folders: [dirname(executable), ...folders], variables };
}
