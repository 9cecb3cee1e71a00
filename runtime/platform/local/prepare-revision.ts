import type { ArtefactSource, RevisionSpec } from '../platform.ts';
import type { ArtefactFolders, ArtefactRequest } from './artefact-folders.ts';
import type { Environments } from './environments.ts';
import { isVirtual } from './interpreter-probe.ts';
import type { Interpreters } from './interpreters.ts';
import type { Prepared } from './launch.ts';
import type { PathsTrial } from './paths-trial.ts';
import { requirementsOf } from './requirements.ts';
import { codeRequest, modelsRequest, mountsRequest } from './revision-folders.ts';
import type { Wanted } from './shared-work.ts';

/** What brings a revision onto this machine. */
export interface Workshop {
  source: ArtefactSource;
  code: ArtefactFolders;
  /** Of models and of mounts. */
  models: ArtefactFolders;
  interpreters: Interpreters;
  environments: Environments;
  paths: PathsTrial;
}

/**
 * Makes whatever a revision's workers need, all of it at once as far as it does not depend on each other. The first
 * failure ends the rest.
 * @throws PreparationError, or whatever the disk or the source says
 */
export async function prepareRevision(spec: RevisionSpec, workshop: Workshop, wanted: Wanted): Promise<Prepared> {
  const failed = new AbortController();
  const all: Wanted = { ...wanted, signal: AbortSignal.any([wanted.signal, failed.signal]) };
  const { source, code, models, interpreters, environments, paths } = workshop;
  const chosen = interpreters.find(spec.settings.python, all.signal);
  const mode = chosen.then(({ executable }) => paths.modeFor(executable));
  const codeFolder = code.get(codeRequest(spec, source), all);
  const folder = (request: ArtefactRequest | null): Promise<string> | null => request && models.get(request, all);
  const modelsFolder = mode.then((known) => folder(modelsRequest(spec, known, source)));
  const mountsFolder = mode.then((known) => folder(mountsRequest(spec, known, source)));
  const python = Promise.all([chosen, codeFolder]).then(async ([facts, folder]) => {
    const requirements = requirementsOf(spec.settings);
    if (!requirements) return { executable: facts.executable, virtual: isVirtual(facts) };
    const request = { python: facts, requirements, code: { digest: spec.code.manifest, folder } };
    return { executable: await environments.get(request, all), virtual: true };
  });
  const parts = [python, mode, codeFolder, modelsFolder, mountsFolder] as const;
  try {
    const [interpreter, known, root, model, mounted] = await Promise.all(parts);
    return { python: interpreter, paths: known, codeFolder: root, modelsFolder: model, mountsFolder: mounted };
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(parts);
    throw error;
  }
}
