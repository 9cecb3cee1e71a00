import { resolve } from 'node:path';
import { parseBytes, parseMemory } from '../quantities.ts';
import type { SettingKind } from '../settings.ts';
import { readCondaFile } from './conda-file.ts';
import { readConfiguration } from './configuration-file.ts';
import { findInterpreter } from './interpreter.ts';
import { readRequirements } from './requirements-file.ts';
import { badSetting, type Said, shown } from './said.ts';

/** Reads what was said of a setting; the setting's schema then checks the result. */
export type SettingReader = (said: Said, env: NodeJS.ProcessEnv) => unknown;

/** One reader a kind. Each throws `bad-setting` or `bad-path`, naming where it was said and the value. */
export const settingReaders: Record<SettingKind, SettingReader> = {
  text: readText,
  list: (said) => (Array.isArray(said.value) ? said.value : [readText(said)]),
  number: readNumber,
  bytes: (said) => readSize(said, parseBytes, 'write bytes, or a number with Ki, Mi or Gi, as in 100Mi'),
  memory: (said) => readSize(said, parseMemory, 'write MiB, or a number with Ki, Mi or Gi, as in 512Mi'),
  switch: readSwitch,
  choice: readText,
  environment: readEnvironment,
  file: (said) => resolve(said.folder, readText(said)),
  interpreter: (said, env) => findInterpreter(said, readText(said), env),
  requirements: (said) => readRequirements(said, readText(said)),
  conda: (said) => readCondaFile(said, readText(said)),
  configuration: readConfiguration,
};

function readText(said: Said): string {
  if (typeof said.value === 'string') return said.value;
  throw badSetting(said, `${shown(said.value)} is not a text`, 'write one value');
}

function readNumber(said: Said): number {
  if (typeof said.value === 'number') return said.value;
  if (typeof said.value === 'string' && /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(said.value)) return Number(said.value);
  throw badSetting(said, `${shown(said.value)} is not a number`, 'write digits alone, without a unit');
}

function readSize(said: Said, parse: (text: string | number) => number | undefined, hint: string): number {
  const { value } = said;
  const bytes = typeof value === 'string' || typeof value === 'number' ? parse(value) : undefined;
  if (bytes !== undefined) return bytes;
  throw badSetting(said, `${shown(value)} is not a size`, hint);
}

function readSwitch(said: Said): boolean {
  if (said.value === true || said.value === 'true') return true;
  if (said.value === false || said.value === 'false') return false;
  throw badSetting(said, `${shown(said.value)} is neither true nor false`, 'write true or false');
}

/**
 * `NAME=VALUE` texts, split at the first `=`, or a mapping. A value that is `${NAME}` and nothing else is taken from the
 * reader's own environment, so that a file needs no secrets.
 */
function readEnvironment(said: Said, env: NodeJS.ProcessEnv): Record<string, string> {
  const variables = readVariables(said);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, taken(said, name, value, env)]));
}

function taken(said: Said, name: string, value: string, env: NodeJS.ProcessEnv): string {
  const source = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1];
  if (source === undefined) return value;
  const found = env[source];
  if (found !== undefined) return found;
  throw badSetting(said, `${name} is to be taken from the environment variable ${source}, which is not set`, `set it: ${source}=… spell …`);
}

function readVariables(said: Said): Record<string, string> {
  const { value } = said;
  if (typeof value === 'object' && !Array.isArray(value)) return checkNames(said, Object.entries(value) as [string, string][]);
  const texts = Array.isArray(value) ? value : [readText(said)];
  return checkNames(
    said,
    texts.map((text): [string, string] => {
      const end = text.indexOf('=');
      if (end < 0) throw badSetting(said, `${shown(text)} has no "="`, 'write NAME=VALUE');
      return [text.slice(0, end), text.slice(end + 1)];
    }),
  );
}

function checkNames(said: Said, variables: [string, string][]): Record<string, string> {
  for (const [name] of variables) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw badSetting(said, `${shown(name)} is no name of an environment variable`, 'letters, digits and "_", not beginning with a digit');
    }
  }
  return Object.fromEntries(variables);
}
