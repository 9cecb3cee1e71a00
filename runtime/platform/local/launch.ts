import { join } from 'node:path';
import { batchingMessage } from '../../api/batching.ts';
import type { Launch } from '../../serving/admin.ts';
import type { DesiredRevision, ServerKey } from '../platform.ts';
import type { PathsMode } from './paths-trial.ts';
import type { PreparedPython } from './prepare-python.ts';
import { workerEnvironment } from './worker-environment.ts';

/** What is on this machine for a revision. */
export interface Prepared {
  python: PreparedPython;
  paths: PathsMode;
  codeFolder: string;
  /** The folder that becomes `/model`. */
  modelsFolder: string | null;
  /** The folder that becomes `/mounts`. */
  mountsFolder: string | null;
}

/** Where our own programs and folders lie. */
export interface Installed {
  /** `spell/worker/__main__.py`. */
  worker: string;
  vendorFolder: string;
  emptyFolder: string;
  /** What every worker's environment begins with. */
  env: Record<string, string>;
}

/** How the workers of a revision are started. */
export function launchOf(server: ServerKey, { revision, spec }: DesiredRevision, prepared: Prepared, installed: Installed): Launch {
  const { settings, code } = spec;
  const { python, paths, codeFolder, modelsFolder, mountsFolder } = prepared;
  const { worker, vendorFolder, emptyFolder, env } = installed;
  const shown = paths === 'namespace' ? '/model' : (modelsFolder ?? '');
  return {
    command: [python.executable, worker],
    env: workerEnvironment(env, python, settings.env ?? {}),
    cwd: codeFolder,
    start: {
      owner: server.owner,
      server: server.name,
      revision,
      root: codeFolder,
      entrypoint: code.entrypoint,
      classname: settings.classname ?? null,
      models: spec.models.map(({ name, version }) => ({
        name,
        version,
        folder: spec.models.length === 1 ? shown : join(shown, name),
      })),
      modelFolder: modelsFolder,
      mountsFolder,
      paths,
      emptyFolder,
      batching: batchingMessage(settings),
      config: settings.config?.values ?? null,
      vendorFolder,
      debug: settings.debug,
    },
  };
}

/** Whether workers started so would run the programs of this installation. */
export function isOurs({ command, start }: Launch, { worker, vendorFolder }: Installed): boolean {
  return command[1] === worker && start.vendorFolder === vendorFolder;
}
