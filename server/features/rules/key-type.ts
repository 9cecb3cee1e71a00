import type * as z from 'zod/mini';
import { parseBytes, parseMemory } from '../../../runtime/api/quantities.ts';
import type { SettingKind } from '../../../runtime/api/settings.ts';
import { settingName } from '../../parse/yaml/spell-yaml.ts';
import { isEmpty, type YamlScalar, type YamlValue } from '../../parse/yaml/yaml.ts';
import { type Key, keys } from '../spell-yaml/keys.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const keyType: SpellYamlRule = {
  code: 'key-type',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'The value of a key in `spell.yaml` is not what the setting takes.',
    why: 'Serving from the file is refused.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: two\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmin-pods: 2\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      for (const entry of server.map.entries) {
        const name = settingName(entry.key);
        const key = keys.get(name);
        // Names have a rule of their own, and so do fractions of GPUs and mounts.
        if (!key || name === 'server-name') continue;
        const problem = isEmpty(entry.value) ? 'has no value' : problemOf(key, entry.value);
        if (problem !== undefined) yield { span: isEmpty(entry.value) ? entry.keySpan : entry.value, message: `${name} ${problem}` };
        else if (key.kind === 'list' && name !== 'mounts') yield* entryProblems(key, entry.value);
      }
    }
  },
};

/** What the setting's schema says about single entries of a list, as of `apt`. */
function* entryProblems({ schema }: Key, value: YamlValue): Generator<Report> {
  const entries = (value.kind === 'list' ? value.items : [value]).filter((each): each is YamlScalar => each.kind === 'scalar');
  const checked = schema?.safeParse(entries.map(({ source }) => source));
  for (const { code, path, message } of checked?.error?.issues ?? []) {
    const entry = entries[Number(path[0])];
    if (code === 'custom' && entry) yield { span: entry, message: `${JSON.stringify(entry.source)} ${message}` };
  }
}

const wanted: Record<SettingKind, string> = {
  text: 'takes a text',
  list: 'takes a text or a list of texts',
  number: 'takes a number',
  bytes: 'takes bytes, or a number with Ki, Mi or Gi, as in 100Mi',
  memory: 'takes MiB, or a number with a unit, as in 512Mi or 2Gi',
  switch: 'takes true or false',
  choice: '',
  environment: 'takes a mapping of names to texts, or a list of NAME=VALUE',
  file: 'takes a path',
  interpreter: 'takes a path',
  requirements: 'takes the path of a requirements file',
  conda: 'takes the path of a conda environment file',
  configuration: 'takes the path of a JSON or YAML file, or a mapping',
};

function problemOf(key: Key, value: YamlValue): string | undefined {
  const words = key.kind === 'choice' ? `takes ${(key.values ?? []).join(' or ')}` : wanted[key.kind];
  return accepts(key, value) ? undefined : (numberProblem(key, value) ?? words);
}

function accepts(key: Key, value: YamlValue): boolean {
  const scalar = value.kind === 'scalar' && value.value !== null ? value : undefined;
  switch (key.kind) {
    case 'text':
    case 'file':
    case 'interpreter':
    case 'requirements':
    case 'conda':
      return scalar !== undefined && scalar.source !== '';
    case 'list':
      return scalar !== undefined || (value.kind === 'list' && value.items.every((item) => item.kind === 'scalar' && item.value !== null));
    case 'number':
      return scalar !== undefined && numberProblem(key, value) === undefined && numberIn(scalar) !== undefined;
    case 'bytes':
      return scalar !== undefined && parseBytes(scalar.source) !== undefined;
    case 'memory':
      return scalar !== undefined && parseMemory(scalar.source) !== undefined;
    case 'switch':
      return scalar !== undefined && (typeof scalar.value === 'boolean' || /^(?:true|false)$/.test(scalar.source));
    case 'choice':
      return scalar !== undefined && key.values?.includes(scalar.source) === true;
    case 'environment':
      // Single entries have a rule of their own.
      return scalar !== undefined || value.kind !== 'scalar';
    default:
      return value.kind === 'map' || (scalar !== undefined && typeof scalar.value === 'string');
  }
}

function numberIn(value: YamlScalar): number | undefined {
  if (typeof value.value === 'number') return value.value;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value.source) ? Number(value.source) : undefined;
}

/** What the setting's schema says about a number. */
function numberProblem(key: Key, value: YamlValue): string | undefined {
  const number = key.kind === 'number' && value.kind === 'scalar' ? numberIn(value) : undefined;
  if (number === undefined || !key.schema || key.name === 'gpu-limit')
    return number !== undefined && key.name === 'gpu-limit' && number < 0 ? 'must not be negative' : undefined;
  const checked = key.schema.safeParse(number);
  return checked.success ? undefined : explain(checked.error.issues[0]);
}

function explain(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type' && issue.expected === 'int') return 'takes a whole number';
  if (issue?.code === 'too_small') return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue?.code === 'too_big') return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
  return issue?.message ?? 'cannot be used';
}
