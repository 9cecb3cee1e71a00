import { parentOf, resolvePath } from '../project/paths.ts';
import { plain, type YamlDocument, type YamlEntry, type YamlFile, type YamlMap, type YamlValue } from './yaml.ts';

/** The name of the file that describes model servers. */
export const spellYamlName = 'spell.yaml';

/** One model server of a `spell.yaml`: one YAML document that is a mapping. */
export interface ServerDocument {
  readonly document: YamlDocument;
  readonly map: YamlMap;
  /** The entries by their key with dashes; of a key that stands twice the first. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** A `spell.yaml`, parsed. */
export interface SpellYaml {
  readonly path: string;
  readonly yaml: YamlFile;
  readonly servers: readonly ServerDocument[];
}

const read = new WeakMap<YamlFile, SpellYaml>();

/** Finds the model servers in a file that was parsed as YAML. Never fails. */
export function toSpellYaml(path: string, yaml: YamlFile): SpellYaml {
  const known = read.get(yaml);
  if (known && known.path === path) return known;
  const servers = yaml.documents.flatMap((document): ServerDocument[] => {
    if (document.value?.kind !== 'map') return [];
    const entries = new Map<string, YamlEntry>();
    for (const entry of document.value.entries) {
      const key = settingName(entry.key);
      if (!entries.has(key)) entries.set(key, entry);
    }
    return [{ document, map: document.value, entries }];
  });
  const file = { path, yaml, servers };
  read.set(yaml, file);
  return file;
}

/** Underscores are read as dashes (`spec/surfaces.md` §5). */
export function settingName(key: string): string {
  return key.replaceAll('_', '-');
}

/** The text of a scalar entry, as it is written. */
export function textOf(server: ServerDocument, key: string): string | undefined {
  const value = server.entries.get(key)?.value;
  return value?.kind === 'scalar' && value.value !== null ? value.source : undefined;
}

/** The texts of an entry that is a list, or one text. */
export function textsOf(server: ServerDocument, key: string): string[] {
  const value = server.entries.get(key)?.value;
  return value ? texts(value) : [];
}

function texts(value: YamlValue): string[] {
  if (value.kind === 'list') return value.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.source] : []));
  return value.kind === 'scalar' && value.value !== null ? [value.source] : [];
}

/** The number of an entry; undefined when it is none. */
export function numberOf(server: ServerDocument, key: string): number | undefined {
  const value = server.entries.get(key)?.value;
  const number = value ? plain(value) : undefined;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The path that an entry names, against the file's folder. */
export function pathOf(file: SpellYaml, server: ServerDocument, key: string): string | undefined {
  const text = textOf(server, key);
  return text === undefined || text === '' ? undefined : resolvePath(parentOf(file.path), text);
}

/** Whether a server batches: asked for, or implied by one of batching's own settings (`spec/behaviour.md` §3). */
export function batches(server: ServerDocument): boolean {
  const asked = server.entries.get('enable-batching')?.value;
  if (asked?.kind === 'scalar' && typeof asked.value === 'boolean') return asked.value;
  return server.entries.has('max-batch-size') || server.entries.has('request-timeout');
}
