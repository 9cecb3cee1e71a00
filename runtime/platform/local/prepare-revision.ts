import type { ArtefactSource, RevisionSpec } from '../platform.ts';
import type { ArtefactFolders, ArtefactRequest } from './artefact-folders.ts';
import type { Environments } from './environments/environments.ts';
import type { RevisionKey } from './environments/uses.ts';
import type { Interpreters } from './interpreters.ts';
import type { Prepared } from './launch.ts';
import type { PathsTrial } from './paths-trial.ts';
import { prepareBase, preparePython } from './prepare-python.ts';
import { codeRequest, modelsRequest, mountsRequest } from './revision-folders.ts';
import type { Wanted } from './shared-work.ts';
import type { SystemPackages } from './system-packages.ts';

/** What brings a revision onto this machine. */
export interface Workshop {
  source: ArtefactSource;
  code: ArtefactFolders;
  /** Of models and of mounts. */
  models: ArtefactFolders;
  interpreters: Interpreters;
  environments: Environments;
  /** pip's own wheel. */
  pipWheel: string;
  systemPackages: SystemPackages;
  paths: PathsTrial;
}

/**
 * Makes whatever a revision's workers need, all of it at once as far as it does not depend on each other. The first
 * failure ends the rest.
 * @throws PreparationError, or whatever the disk or the source says
 */
export async function prepareRevision(spec: RevisionSpec, user: RevisionKey, workshop: Workshop, wanted: Wanted): Promise<Prepared> {
  const failed = new AbortController();
  const all: Wanted = { ...wanted, signal: AbortSignal.any([wanted.signal, failed.signal]) };
  const { source, code, models, systemPackages, paths } = workshop;
  const installed = systemPackages.require(spec.settings.apt ?? [], all.signal);
  const base = prepareBase(spec, user, workshop, all);
  const mode = base.then(({ facts }) => paths.modeFor(facts.executable));
  const codeFolder = code.get(codeRequest(spec, source), all);
  const folder = (request: ArtefactRequest | null): Promise<string> | null => request && models.get(request, all);
  const modelsFolder = mode.then((known) => folder(modelsRequest(spec, known, source)));
  const mountsFolder = mode.then((known) => folder(mountsRequest(spec, known, source)));
  const python = Promise.all([base, codeFolder]).then(([known, root]) => preparePython(spec, known, root, user, workshop, all));
  const parts = [python, mode, codeFolder, modelsFolder, mountsFolder, installed] as const;
  try {
    const [interpreter, known, root, model, mounted] = await Promise.all(parts);
    return { python: interpreter, paths: known, codeFolder: root, modelsFolder: model, mountsFolder: mounted };
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(parts);
    throw error;
  }
}
