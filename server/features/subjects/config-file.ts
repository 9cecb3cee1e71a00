import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { nameOf } from '../../parse/project/paths.ts';
import type { Lines } from '../../parse/text/lines.ts';
import type { YamlFile, YamlValue } from '../../parse/yaml/yaml.ts';
import { ofRunning, type Serving, servingsOf, spellYamlsAround, toServing } from '../world/servings.ts';
import type { World } from '../world/world.ts';
import { PredictorFile } from './predictor-file.ts';

/** A predictor that a config is given to. */
export interface Receiver {
  readonly file: PredictorFile;
  readonly predictor: Predictor;
  readonly serving: Serving;
  /** Its `__init__`; none when it takes no config. */
  readonly init: Method | undefined;
}

/** A YAML or JSON file that a way of serving names as its config. */
export class ConfigFile {
  readonly world: World;
  readonly path: string;
  readonly yaml: YamlFile;
  readonly receivers: readonly Receiver[];

  constructor(world: World, path: string, yaml: YamlFile, receivers: readonly Receiver[]) {
    this.world = world;
    this.path = path;
    this.yaml = yaml;
    this.receivers = receivers;
  }

  get name(): string {
    return nameOf(this.path);
  }

  get lines(): Lines {
    return this.yaml.lines;
  }

  get text(): string {
    return this.yaml.text;
  }

  /** Its content; undefined for an empty file. */
  get value(): YamlValue | undefined {
    return this.yaml.documents[0]?.value;
  }
}

/** The predictors that a config file is given to: empty when nobody names it. */
export function receiversOf(world: World, path: string): Receiver[] {
  return servingsNaming(world, path).flatMap((serving) => receiverOf(world, serving) ?? []);
}

/** The predictor that a way of serving gives its config to. */
export function receiverOf(world: World, serving: Serving): Receiver | undefined {
  const module = world.project.module(serving.entrypoint);
  if (!module) return undefined;
  const file = new PredictorFile(world, module);
  const predictor = file.chosen(serving);
  return predictor && { file, predictor, serving, init: predictor.method('__init__') };
}

function servingsNaming(world: World, path: string): Serving[] {
  const names = (serving: Serving | undefined): serving is Serving =>
    serving?.config !== undefined && 'path' in serving.config && !('inline' in serving.config) && serving.config.path === path;
  const written = spellYamlsAround(world, path).flatMap((file) => file.servers.map((server) => toServing(file, server)).filter(names));
  const running = (world.facts.servers ?? []).flatMap((server): Serving[] => {
    const entrypoint = server.entrypoint === null ? undefined : world.path(server.entrypoint);
    const config = server.config === null ? undefined : world.path(server.config);
    if (entrypoint === undefined || config !== path) return [];
    return [ofRunning(world, server, entrypoint)];
  });
  const { command } = world;
  const commanded = command?.config === path ? servingsOf(world, command.entrypoint) : [];
  // With nothing but the command's word no `spell.yaml` has one.
  return command?.alone ? commanded : [...commanded, ...written, ...running];
}
