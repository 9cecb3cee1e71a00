import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types';
import { parentOf, resolvePath } from '../../parse/project/paths.ts';
import { pathOf, type ServerDocument, settingName } from '../../parse/yaml/spell-yaml.ts';
import { describeKey } from '../spell-yaml/describe.ts';
import { keys } from '../spell-yaml/keys.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import type { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import { type Choice, toItem } from './items.ts';

/** The keys of a model server, or the values of one of them. */
export function spellYamlCompletions(file: SpellYamlFile, offset: number, yamlElsewhere: boolean): CompletionItem[] {
  const line = file.lines.lineAt(offset);
  const before = file.text.slice(file.lines.start(line), offset);
  if (/(^|\s)#/.test(before)) return [];
  const server = serverAt(file, offset);
  if (/^[\w-]*$/.test(before)) return yamlElsewhere ? [] : keyItems(file, server, offset, before);
  const inline = /^([\w-]+):\s+(.*)$/.exec(before);
  const item = /^(\s*)-\s+(.*)$/.exec(before);
  const key = inline ? inline[1] : item ? keyAbove(file, line, item[1] ?? '') : undefined;
  const written = (inline ? inline[2] : item?.[2]) ?? '';
  if (key === undefined) return [];
  const typed = /[^\s[,"']*$/.exec(written)?.[0] ?? '';
  const span = { from: offset - typed.length, to: offset };
  return choicesFor(file, server, settingName(key), typed).map((choice) => toItem(file, span, choice, false));
}

function serverAt(file: SpellYamlFile, offset: number): ServerDocument | undefined {
  return file.servers.find(({ document }) => document.from <= offset && offset <= document.to) ?? file.servers.at(-1);
}

function keyItems(file: SpellYamlFile, server: ServerDocument | undefined, offset: number, typed: string): CompletionItem[] {
  const span = { from: offset - typed.length, to: offset };
  return [...keys.values()]
    .filter((key) => {
      const entry = server?.entries.get(key.name);
      return !entry || (entry.keySpan.from <= offset && offset <= entry.keySpan.to);
    })
    .map((key, index) =>
      toItem(
        file,
        span,
        {
          label: key.name,
          kind: CompletionItemKind.Property,
          text: `${key.name}: `,
          detail: key.doc,
          documentation: describeKey(key),
          sort: String(index).padStart(3, '0'),
        },
        false,
      ),
    );
}

/** The key whose list a line's item belongs to. */
function keyAbove(file: SpellYamlFile, line: number, indent: string): string | undefined {
  for (let at = line - 1; at >= 0; at--) {
    const text = file.text.slice(file.lines.start(at), file.lines.end(at));
    const [, key] = /^([\w-]+):\s*(?:#.*)?$/.exec(text) ?? [];
    if (key !== undefined) return key;
    if (!new RegExp(`^${indent}\\s*-|^\\s*(?:#.*)?$`).test(text)) return undefined;
  }
  return undefined;
}

function choicesFor(file: SpellYamlFile, server: ServerDocument | undefined, name: string, typed: string): Choice[] {
  const key = keys.get(name);
  const { facts } = file.world;
  const value = (label: string, detail?: string): Choice => ({
    label,
    kind: CompletionItemKind.Value,
    ...(detail === undefined ? {} : { detail }),
  });
  switch (name) {
    case 'model':
      return (facts.models ?? []).flatMap((model) => {
        const versions = model.versions.map((version) =>
          value(`${model.name}:${version.custom ?? `v${version.number}`}`, `version ${version.number}`),
        );
        return typed.includes(':') ? versions : [value(model.name, 'its newest version'), ...versions];
      });
    case 'mounts':
      return (facts.resources ?? []).map((resource) => value(resource));
    case 'node-group':
      return (facts.nodeGroups ?? ['default']).map((group) => value(group));
    case 'classname':
      return classNames(file, server).map((label) => ({ label, kind: CompletionItemKind.Class }));
    case 'entrypoint':
      return pathChoices(file, typed, /\.py$/);
    case 'config':
      return pathChoices(file, typed, /\.(?:ya?ml|json)$/);
    case 'pip-req':
      return pathChoices(file, typed, /\.(?:txt|in)$/);
    case 'conda-file':
      return pathChoices(file, typed, /\.ya?ml$/);
    default:
      break;
  }
  if (key?.kind === 'switch') return [value('true'), value('false')];
  if (key?.kind === 'choice') return (key.values ?? []).map((each) => value(each));
  if (key?.kind === 'memory') return unitChoices(typed, ['Mi', 'Gi']);
  if (key?.kind === 'bytes') return unitChoices(typed, ['Ki', 'Mi', 'Gi']);
  return key?.default === undefined ? [] : [value(String(key.default), 'the default')];
}

function unitChoices(typed: string, units: readonly string[]): Choice[] {
  const digits = /^\d+/.exec(typed)?.[0] ?? '512';
  return units.map((unit) => ({ label: `${digits}${unit}`, kind: CompletionItemKind.Unit }));
}

function classNames(file: SpellYamlFile, server: ServerDocument | undefined): string[] {
  const path = server && pathOf(file.spellYaml, server, 'entrypoint');
  const module = path === undefined ? undefined : file.world.project.module(path);
  if (!module) return [];
  const python = new PredictorFile(file.world, module);
  return [...python.predictors, ...python.importedPredictors].map((predictor) => predictor.name);
}

/** The files of a kind in the folder that was typed so far, and its folders. */
function pathChoices(file: SpellYamlFile, typed: string, kind: RegExp): Choice[] {
  const head = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folder = head === '' ? file.folder : resolvePath(parentOf(file.path), head);
  const listing = file.world.project.view.list(folder);
  return [...(listing ?? [])].flatMap(([name, what]): Choice[] => {
    if (name.startsWith('.') || name === '__pycache__' || name === 'node_modules') return [];
    if (what === 'folder') return [{ label: `${head}${name}/`, kind: CompletionItemKind.Folder }];
    return kind.test(name) && name !== 'spell.yaml' ? [{ label: head + name, kind: CompletionItemKind.File }] : [];
  });
}
