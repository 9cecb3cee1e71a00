import type { Location, Position, Range, WorkspaceEdit } from 'vscode-languageserver-types';
import { Lines } from '../../parse/text/lines.ts';
import { touches } from '../../parse/text/span.ts';
import { pathOf } from '../../parse/yaml/spell-yaml.ts';
import { type EditSupport, toWorkspaceEdit } from '../actions/workspace-edit.ts';
import type { Subject } from '../diagnose.ts';
import type { Edit } from '../rules/rule.ts';
import { fileExists } from '../spell-yaml/paths.ts';
import { ConfigFile, receiverOf } from '../subjects/config-file.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import { toServing } from '../world/servings.ts';
import type { World } from '../world/world.ts';
import { configNameAt, type Place, usesOf } from './config-names.ts';

/** Where the thing at a position is defined: from a config's key to the parameter and back, from a setting to what it names. */
export function definition(subject: Subject, position: Position): Location[] {
  const offset = subject.lines.offsetAt(position);
  const name = configNameAt(subject, offset);
  if (name)
    return locations(
      subject.world,
      subject instanceof PredictorFile ? name.keys.map((key) => key.place) : name.parameters.map((each) => each.place),
    );
  if (subject instanceof SpellYamlFile) return locations(subject.world, ofSetting(subject, offset));
  return subject instanceof PredictorFile ? locations(subject.world, ofDecoratorName(subject, offset)) : [];
}

/** All places of a config's name: its parameter, what uses it in `__init__`, its keys. */
export function references(subject: Subject, position: Position): Location[] {
  const name = configNameAt(subject, subject.lines.offsetAt(position));
  if (!name) return [];
  const uses = name.parameters.flatMap(({ method, parameter, place }) =>
    usesOf(method, parameter).map((span) => ({ path: place.path, span })),
  );
  return locations(subject.world, [...uses, ...name.keys.map((key) => key.place)]);
}

/** What a rename at a position would rename. Null leaves it to other servers: only names that a config shares are ours. */
export function prepareRename(subject: Subject, position: Position): { range: Range; placeholder: string } | null {
  const name = configNameAt(subject, subject.lines.offsetAt(position));
  const shared = name && name.parameters.length > 0 && (name.keys.length > 0 || subject instanceof ConfigFile);
  return name && shared ? { range: subject.lines.range(name.here), placeholder: name.name } : null;
}

/** Renames a parameter of `__init__` with its uses there and the keys of every config that gives it. Null for no legal name. */
export function rename(subject: Subject, position: Position, to: string, support: EditSupport): WorkspaceEdit | null {
  const name = configNameAt(subject, subject.lines.offsetAt(position));
  if (!name || !/^[A-Za-z_]\w*$/.test(to)) return null;
  const edits = new Map<string, Edit>();
  const add = (edit: Edit): void => void edits.set(`${edit.path}:${edit.span.from}`, edit);
  for (const { method, parameter, place } of name.parameters)
    for (const span of usesOf(method, parameter)) add({ path: place.path, span, text: to });
  for (const { place, quoted } of name.keys) add({ ...place, text: quoted ? JSON.stringify(to) : to });
  return toWorkspaceEdit(subject.world, { edits: [...edits.values()] }, support) ?? null;
}

function ofSetting(file: SpellYamlFile, offset: number): Place[] {
  const start = { from: 0, to: 0 };
  for (const server of file.servers) {
    for (const key of ['entrypoint', 'config', 'pip-req', 'conda-file']) {
      const value = server.entries.get(key)?.value;
      const path = pathOf(file.spellYaml, server, key);
      if (value?.kind !== 'scalar' || path === undefined || !touches(value, offset) || !fileExists(file.world, path)) continue;
      return [{ path, span: start }];
    }
    const classname = server.entries.get('classname')?.value;
    const serving = classname && touches(classname, offset) ? toServing(file.spellYaml, server) : undefined;
    const receiver = serving && receiverOf(file.world, serving);
    if (receiver) return [{ path: receiver.predictor.module.path, span: receiver.predictor.definition.nameSpan }];
  }
  return [];
}

/** From the name in a decorator to the parameter. */
function ofDecoratorName(file: PredictorFile, offset: number): Place[] {
  for (const { method } of file.methods('predict', 'prepare', 'health')) {
    const { injectors, parameters } = file.injection(method);
    const injector = injectors.find((each) => each.nameSpan && touches(each.nameSpan, offset));
    const parameter = injector && parameters.find((each) => each.name === injector.parameter);
    if (parameter) return [{ path: file.path, span: parameter.nameSpan }];
  }
  return [];
}

function locations(world: World, places: readonly Place[]): Location[] {
  return places.flatMap(({ path, span }) => {
    const text = span.to === 0 ? '' : world.project.view.text(path);
    return typeof text === 'string' ? [{ uri: world.uri(path), range: new Lines(text).range(span) }] : [];
  });
}
