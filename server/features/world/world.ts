import type { ControlPlaneFacts } from '../../../runtime/api/language-server.ts';
import { childPath } from '../../parse/project/paths.ts';
import type { Project } from '../../parse/project/project.ts';
import { type SpellYaml, spellYamlName, toSpellYaml } from '../../parse/yaml/spell-yaml.ts';
import type { Environment } from './environment.ts';

/** What all features of one request see: files, what the client told, the Python environment. Nothing in it changes. */
export interface World {
  readonly project: Project;
  readonly facts: ControlPlaneFacts;
  /** Undefined while no interpreter is known. */
  readonly environment: Environment | undefined;
  /** The workspace's folders: `spell.yaml` is not looked for above them. Empty when there is no workspace. */
  readonly roots: readonly string[];
  /** The files that are open, or being checked. */
  readonly atHand: readonly string[];
  /** Another language server tells what is wrong with the YAML itself. */
  readonly yamlElsewhere: boolean;
  /** What a command line says about the file that it serves or checks; absent in an editor. */
  readonly command?: CommandServing;
  /** The URI of a path, as the client spells it. */
  uri(path: string): string;
  /** The path of a URI; undefined for one that names no file. */
  path(uri: string): string | undefined;
}

/** A file that a command serves or checks, with the settings that only the command line knows. */
export interface CommandServing {
  readonly entrypoint: string;
  /** No `spell.yaml` has a say: everything that is set is set here. */
  readonly alone?: boolean;
  readonly classname?: string;
  readonly batching?: boolean;
  /** Null when there surely is none. */
  readonly config?: string | null;
  readonly models?: readonly string[];
  readonly gpuLimit?: number;
  readonly mounts?: readonly string[];
  readonly pip?: readonly string[];
  readonly requirementsFile?: string;
}

/** Reads the `spell.yaml` of a folder; null when there is none, undefined when that is not known yet. */
export function spellYamlIn(world: World, folder: string): SpellYaml | null | undefined {
  const listing = world.project.view.list(folder);
  if (listing === undefined) return undefined;
  if (listing?.get(spellYamlName) !== 'file') return null;
  const path = childPath(folder, spellYamlName);
  const yaml = world.project.view.yaml(path);
  return yaml && toSpellYaml(path, yaml);
}
