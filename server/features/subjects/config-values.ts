import type { YamlFile, YamlValue } from '../../parse/yaml/yaml.ts';
import type { Serving } from '../world/servings.ts';
import type { World } from '../world/world.ts';

/** What a way of serving gives to `__init__`. */
export interface GivenConfig {
  /** Undefined for no config, or an empty one. */
  readonly value: YamlValue | undefined;
  /** The file that holds the value: the config's own, or the `spell.yaml` that has it inline. */
  readonly yaml: { readonly path: string; readonly file: YamlFile } | undefined;
  readonly path: string | undefined;
}

/** The config of a way of serving. Undefined when it is not known, not to be read, or no YAML. */
export function configOf(world: World, serving: Serving): GivenConfig | undefined {
  const { config } = serving;
  if (!config) return serving.configKnown ? { value: undefined, yaml: undefined, path: undefined } : undefined;
  const file = world.project.view.yaml(config.path);
  if (!file || file.problems.length > 0) return undefined;
  if ('inline' in config) return { value: config.inline, yaml: { path: config.path, file }, path: config.path };
  const value = file.documents[0]?.value;
  return { value, yaml: { path: config.path, file }, path: config.path };
}
