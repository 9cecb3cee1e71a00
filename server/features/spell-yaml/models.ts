import type { YamlScalar } from '../../parse/yaml/yaml.ts';
import type { SpellYamlFile } from '../subjects/spell-yaml-file.ts';

/** The texts that `model` gives, in all documents. */
export function modelItems(file: SpellYamlFile): YamlScalar[] {
  return file.servers.flatMap((server) => {
    const value = server.entries.get('model')?.value;
    const items = value?.kind === 'list' ? value.items : value ? [value] : [];
    return items.filter((item): item is YamlScalar => item.kind === 'scalar' && item.value !== null);
  });
}
