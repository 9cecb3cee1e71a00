import type { RunningServerFacts } from '../../../runtime/api/language-server.ts';
import { parseMount } from '../../../runtime/api/mounts.ts';
import { foldersUp, isInside, parentOf } from '../../parse/project/paths.ts';
import { batches, numberOf, pathOf, type ServerDocument, type SpellYaml, textOf, textsOf } from '../../parse/yaml/spell-yaml.ts';
import type { YamlMap } from '../../parse/yaml/yaml.ts';
import { type CommandServing, spellYamlIn, type World } from './world.ts';

/** One way in which a file is served: by a document of a `spell.yaml`, by a running model server, or by the command that asks. */
export interface Serving {
  readonly yaml?: { readonly file: SpellYaml; readonly server: ServerDocument };
  readonly running?: RunningServerFacts;
  readonly entrypoint: string;
  readonly classname: string | undefined;
  /** Undefined where nothing says it. */
  readonly batching: boolean | undefined;
  /** `NAME[:VERSION]`; undefined where nothing says it, empty for none. */
  readonly models: readonly string[] | undefined;
  readonly gpuLimit: number | undefined;
  readonly config: { readonly path: string } | { readonly inline: YamlMap; readonly path: string } | undefined;
  /** Whether `config` says all: without, there may be one that nobody here knows. */
  readonly configKnown: boolean;
  /** The destinations of its mounts, below `/mounts`; undefined where nothing says it. */
  readonly mounts: readonly string[] | undefined;
  readonly pip: readonly string[];
  readonly requirementsFile: string | undefined;
  readonly condaFile: string | undefined;
}

/** So many folders above a file may hold the `spell.yaml` that names it, when no workspace folder bounds the search. */
const mostFoldersUp = 4;

/** The `spell.yaml` files that may name a file: those of its folder and the folders above it, up to the workspace's. */
export function spellYamlsAround(world: World, path: string): SpellYaml[] {
  const root = world.roots.find((folder) => isInside(folder, path));
  const folders = foldersUp(parentOf(path)).filter((folder) => root === undefined || isInside(root, folder));
  return folders.slice(0, root === undefined ? mostFoldersUp : undefined).flatMap((folder) => spellYamlIn(world, folder) ?? []);
}

/** The document of a `spell.yaml`, as a way of serving its entrypoint. Undefined when it names none. */
export function toServing(file: SpellYaml, server: ServerDocument): Serving | undefined {
  const entrypoint = pathOf(file, server, 'entrypoint');
  if (entrypoint === undefined) return undefined;
  const config = server.entries.get('config')?.value;
  const configPath = pathOf(file, server, 'config');
  return {
    yaml: { file, server },
    entrypoint,
    classname: textOf(server, 'classname'),
    batching: batches(server),
    models: textsOf(server, 'model'),
    gpuLimit: server.entries.has('gpu-limit') ? numberOf(server, 'gpu-limit') : 0,
    config: config?.kind === 'map' ? { inline: config, path: file.path } : configPath === undefined ? undefined : { path: configPath },
    configKnown: true,
    mounts: mountsOf(server),
    pip: textsOf(server, 'pip'),
    requirementsFile: pathOf(file, server, 'pip-req'),
    condaFile: pathOf(file, server, 'conda-file'),
  };
}

/** The destinations of a server's mounts; undefined when one of them cannot be read. */
function mountsOf(server: ServerDocument): string[] | undefined {
  const destinations = textsOf(server, 'mounts').map(mountDestination);
  return destinations.every((each) => each !== undefined) ? destinations : undefined;
}

/** Where a mount `RESOURCE[:PATH]` appears below `/mounts`; undefined when it is no mount. */
export function mountDestination(spec: string): string | undefined {
  const mount = parseMount(spec);
  return 'problem' in mount ? undefined : mount.path;
}

/** All ways in which a file is known to be served. Empty when it is no entrypoint as far as anybody knows. */
export function servingsOf(world: World, path: string): Serving[] {
  const found: Serving[] = [];
  const { command } = world;
  for (const file of spellYamlsAround(world, path)) {
    // While it is half typed, what it says of the others is not to be relied on.
    if (file.yaml.problems.length > 0) continue;
    for (const server of file.servers) {
      const serving = toServing(file, server);
      if (serving?.entrypoint === path) found.push(serving);
    }
  }
  for (const running of world.facts.servers ?? []) {
    if (running.entrypoint !== null && world.path(running.entrypoint) === path) found.push(ofRunning(world, running, path));
  }
  if (command?.entrypoint !== path) return found;
  // Several documents may name one file: each of them is checked.
  return found.length > 0 && !command.alone ? found.map((serving) => ofCommand(command, serving)) : [ofCommand(command, undefined)];
}

/** A running model server, as a way of serving the file that it was served from. */
export function ofRunning(world: World, running: RunningServerFacts, entrypoint: string): Serving {
  const config = running.config === null ? undefined : world.path(running.config);
  return {
    running,
    entrypoint,
    classname: running.classname ?? undefined,
    batching: running.batching,
    models: running.models,
    gpuLimit: running.gpuLimit,
    config: config === undefined ? undefined : { path: config },
    configKnown: config !== undefined,
    mounts: running.mounts,
    pip: [],
    requirementsFile: undefined,
    condaFile: undefined,
  };
}

/** What the command line says wins over the file; what neither says is not known. */
function ofCommand(command: CommandServing, written: Serving | undefined): Serving {
  const base = command.alone ? undefined : written;
  const config = typeof command.config === 'string' ? { path: command.config } : command.config === null ? undefined : base?.config;
  return {
    ...(base?.yaml && !command.alone ? { yaml: base.yaml } : {}),
    entrypoint: command.entrypoint,
    classname: command.classname ?? base?.classname,
    batching: command.batching ?? base?.batching,
    models: command.models ?? base?.models,
    gpuLimit: command.gpuLimit ?? base?.gpuLimit,
    config,
    configKnown: command.config !== undefined || base?.configKnown === true,
    mounts: command.mounts ?? base?.mounts,
    pip: command.pip ?? base?.pip ?? [],
    requirementsFile: command.requirementsFile ?? base?.requirementsFile,
    condaFile: base?.condaFile,
  };
}
