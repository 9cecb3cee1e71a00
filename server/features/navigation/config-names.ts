import type { Method } from '../../parse/predictor/members.ts';
import type { Name, Parameter } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import type { Span } from '../../parse/text/span.ts';
import { touches } from '../../parse/text/span.ts';
import type { YamlEntry } from '../../parse/yaml/yaml.ts';
import type { Subject } from '../diagnose.ts';
import { ConfigFile, type Receiver, receiverOf } from '../subjects/config-file.ts';
import { configOf } from '../subjects/config-values.ts';
import { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import { toServing } from '../world/servings.ts';

/** A place in a file. */
export interface Place {
  readonly path: string;
  readonly span: Span;
}

/** A name that a config and `__init__` share. */
export interface ConfigName {
  readonly name: string;
  /** The parameters of `__init__` that receive it; several when several servers share a config. */
  readonly parameters: readonly { readonly place: Place; readonly method: Method; readonly parameter: Parameter }[];
  /** The keys that give it. */
  readonly keys: readonly { readonly place: Place; readonly quoted: boolean }[];
  /** Where the cursor is. */
  readonly here: Span;
}

/** The config name at an offset: on a key of a config, on a parameter of `__init__`, or on a key of an inline config. */
export function configNameAt(subject: Subject, offset: number): ConfigName | undefined {
  if (subject instanceof ConfigFile) return ofKey(subject.receivers, subject.value?.kind === 'map' ? subject.value.entries : [], offset);
  if (subject instanceof SpellYamlFile) {
    for (const server of subject.servers) {
      const config = server.entries.get('config')?.value;
      const serving = toServing(subject.spellYaml, server);
      const receiver = serving && receiverOf(subject.world, serving);
      if (config?.kind === 'map' && receiver && touches(config, offset)) return ofKey([receiver], config.entries, offset);
    }
    return undefined;
  }
  for (const { predictor, method } of subject.methods('__init__')) {
    const parameter = subject.callParameters(method).find((each) => touches(each.nameSpan, offset));
    if (!parameter) continue;
    const receivers = subject.servings.flatMap((serving) => {
      const receiver = receiverOf(subject.world, serving);
      return receiver && receiver.predictor.definition === predictor.definition ? [receiver] : [];
    });
    return collect(receivers, parameter.name, parameter.nameSpan, {
      place: { path: subject.path, span: parameter.nameSpan },
      method,
      parameter,
    });
  }
  return undefined;
}

function ofKey(receivers: readonly Receiver[], entries: readonly YamlEntry[], offset: number): ConfigName | undefined {
  const entry = entries.find((each) => touches(each.keySpan, offset));
  return entry && collect(receivers, entry.key, entry.keySpan);
}

function collect(receivers: readonly Receiver[], name: string, here: Span, own?: ConfigName['parameters'][number]): ConfigName {
  const parameters = new Map<number, ConfigName['parameters'][number]>();
  const keys = new Map<string, ConfigName['keys'][number]>();
  if (own) parameters.set(own.parameter.from, own);
  for (const { file, init, serving } of receivers) {
    const parameter = init && file.callParameters(init).find((each) => each.name === name);
    if (init && parameter)
      parameters.set(parameter.from, { place: { path: init.owner.module.path, span: parameter.nameSpan }, method: init, parameter });
    const config = configOf(file.world, serving);
    const entry = config?.value?.kind === 'map' ? config.value.entries.find((each) => each.key === name) : undefined;
    if (entry && config?.yaml)
      keys.set(`${config.yaml.path}:${entry.from}`, { place: { path: config.yaml.path, span: entry.keySpan }, quoted: entry.quotedKey });
  }
  return { name, parameters: [...parameters.values()], keys: [...keys.values()], here };
}

/** Every place where a method's parameter is named inside it: in its list, and where its body uses it. */
export function usesOf(method: Method, parameter: Parameter): Span[] {
  const uses: Name[] = [];
  for (const statement of method.definition.body)
    walk(statement, (node) => {
      if (node.kind === 'name' && node.id === parameter.name) uses.push(node);
    });
  return [parameter.nameSpan, ...uses];
}
