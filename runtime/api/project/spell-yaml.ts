import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Document, LineCounter, Node } from 'yaml';
import { SpellError } from '../errors.ts';
import { nearNames } from '../near-names.ts';
import { type SettingKey, type SettingRow, settingKeys, settings } from '../settings.ts';
import type { Said, SaidSettings } from './said.ts';
import { unreadable } from './unreadable.ts';

/** One model server of a `spell.yaml`: one YAML document. */
export interface SpellYamlDocument {
  /** `spell.yaml:1`, for messages. */
  where: string;
  said: SaidSettings;
}

/**
 * Reads a `spell.yaml` (`spec/surfaces.md` §5): its documents in order, none of their values read yet.
 *
 * Throws `bad-path` for a file that is not there, `bad-setting` with the file and the line for what is not YAML, not a
 * mapping, or no key of ours.
 */
export async function readSpellYaml(file: string): Promise<SpellYamlDocument[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw unreadable(file, error);
    throw new SpellError('bad-path', `there is no file ${file}`, 'name the YAML file of the model server: --from-file FILE');
  });
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const documents = [...yaml.parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })] as Document.Parsed[];
  const servers = documents.flatMap((document) => readDocument({ yaml, document, file, lines }) ?? []);
  if (servers.length > 0) return servers;
  throw new SpellError('bad-setting', `${file} is empty`, 'it needs at least the line `entrypoint: predictor.py`');
}

/** One document, and what places in it are named by. The parser is handed in because it is loaded only when there is something to parse. */
interface Source {
  yaml: typeof import('yaml');
  document: Document.Parsed;
  file: string;
  lines: LineCounter;
}

function readDocument(source: Source): SpellYamlDocument | undefined {
  const { document, yaml } = source;
  const [error] = document.errors;
  if (error) throw new SpellError('bad-setting', `${placeOf(source, error.pos[0])}: ${error.message}`, 'correct the YAML there');
  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return undefined;
  const where = placeOf(source, contents.range[0]);
  if (!yaml.isMap(contents))
    throw new SpellError('bad-setting', `${where}: it is not a mapping`, 'write lines such as `entrypoint: predictor.py`');
  const said: SaidSettings = {};
  for (const { key, value } of contents.items) {
    const line = placeOf(source, (key as Node).range?.[0] ?? 0);
    const name = toKey(String(key), line);
    if (said[name]) throw new SpellError('bad-setting', `${line}: ${name} stands twice`, 'keep one of them');
    const at = `${line}: ${name}`;
    said[name] = { value: toValue(source, name, value as Node | null, at), where: at, folder: dirname(source.file) };
  }
  return { where, said };
}

function placeOf({ file, lines }: Source, offset: number): string {
  return `${file}:${lines.linePos(offset).line}`;
}

/** Underscores are read as dashes. */
function toKey(text: string, where: string): SettingKey {
  const name = text.replaceAll('_', '-');
  if (Object.hasOwn(settings, name)) return name as SettingKey;
  const [near] = nearNames(name, settingKeys);
  throw new SpellError(
    'bad-setting',
    `${where}: there is no setting ${JSON.stringify(text)}`,
    near === undefined ? `the settings are ${settingKeys.join(', ')}` : `did you mean ${near}?`,
  );
}

/** Texts are taken as they are written, so that `3.10` is not 3.1 and `yes` is not true. */
function toValue(source: Source, key: SettingKey, node: Node | null, at: string): Said['value'] {
  const { kind }: SettingRow = settings[key];
  const plain: unknown = node?.toJS(source.document);
  if (node === null || plain === null || plain === undefined) {
    throw new SpellError('bad-setting', `${at} has no value`, 'write one behind the colon, or remove the line');
  }
  const keepsTypes = kind === 'number' || kind === 'switch' || kind === 'configuration';
  return (keepsTypes ? plain : asWritten(source, node, at)) as Said['value'];
}

/** Scalars as their source, in lists and mappings too. */
function asWritten(source: Source, node: Node | null, at: string): string | string[] | Record<string, string> {
  const { yaml, document } = source;
  if (yaml.isAlias(node)) return asWritten(source, node.resolve(document) ?? null, at);
  if (yaml.isMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(key), scalarText(source, value, at)]));
  }
  if (yaml.isSeq(node)) return node.items.map((item) => scalarText(source, item, at));
  return scalarText(source, node, at);
}

function scalarText(source: Source, node: unknown, at: string): string {
  const { yaml, document } = source;
  if (yaml.isAlias(node)) return scalarText(source, node.resolve(document), at);
  if (yaml.isScalar(node) && node.value !== null && node.source !== undefined) return node.source;
  throw new SpellError(
    'bad-setting',
    `${at}: one of its values is not a text`,
    'write texts, with quotes around what YAML reads otherwise',
  );
}
