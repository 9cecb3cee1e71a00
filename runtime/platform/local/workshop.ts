import { join } from 'node:path';
import type { ArtefactSource } from '../platform.ts';
import { ArtefactFolders } from './artefact-folders.ts';
import { Environments } from './environments/environments.ts';
import { Interpreters } from './interpreters.ts';
import type { Installed } from './launch.ts';
import type { LocalLayout } from './layout.ts';
import { PathsTrial } from './paths-trial.ts';
import type { Workshop } from './prepare-revision.ts';
import { SystemPackages } from './system-packages.ts';
import { baseEnvironment, installerEnvironment } from './worker-environment.ts';

export interface WorkshopOptions {
  home: string;
  layout: LocalLayout;
  source: ArtefactSource;
  /** `dist/python`: our package, the shipped wheels unpacked, and pip's. */
  pythonFolder: string;
  /** The control plane's own environment. */
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
}

/** Everything that prepares revisions on this machine, and what all workers have in common. */
export function openWorkshop({ home, layout, source, pythonFolder, env, say }: WorkshopOptions): {
  workshop: Workshop;
  installed: Installed;
} {
  const base = baseEnvironment(env, home);
  const tools = installerEnvironment(env, home);
  const installed: Installed = {
    worker: join(pythonFolder, 'spell', 'worker', '__main__.py'),
    vendorFolder: join(pythonFolder, 'vendor'),
    emptyFolder: layout.empty,
    env: base,
  };
  const workshop: Workshop = {
    source,
    code: new ArtefactFolders(layout.code, source),
    models: new ArtefactFolders(layout.models, source),
    interpreters: new Interpreters({ file: layout.interpreters, cwd: layout.empty, env: base }),
    environments: new Environments({
      root: layout.environments,
      logs: layout.environmentLogs,
      env: tools,
    }),
    pipWheel: join(pythonFolder, 'pip.whl'),
    systemPackages: new SystemPackages({ cwd: layout.empty, env: tools }),
    paths: new PathsTrial({ worker: installed.worker, emptyFolder: layout.empty, env: base, forced: env.SPELL_PATHS, say }),
  };
  return { workshop, installed };
}
