import { parentOf } from '../../parse/project/paths.ts';
import type { Lines } from '../../parse/text/lines.ts';
import type { ServerDocument, SpellYaml } from '../../parse/yaml/spell-yaml.ts';
import type { YamlFile } from '../../parse/yaml/yaml.ts';
import type { World } from '../world/world.ts';

/** A `spell.yaml` as the rules and features see it. */
export class SpellYamlFile {
  readonly world: World;
  readonly spellYaml: SpellYaml;

  constructor(world: World, spellYaml: SpellYaml) {
    this.world = world;
    this.spellYaml = spellYaml;
  }

  get path(): string {
    return this.spellYaml.path;
  }

  /** What its relative paths start at. */
  get folder(): string {
    return parentOf(this.path);
  }

  get yaml(): YamlFile {
    return this.spellYaml.yaml;
  }

  get text(): string {
    return this.spellYaml.yaml.text;
  }

  get lines(): Lines {
    return this.spellYaml.yaml.lines;
  }

  get servers(): readonly ServerDocument[] {
    return this.spellYaml.servers;
  }
}
