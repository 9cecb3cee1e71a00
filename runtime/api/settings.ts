import * as z from 'zod/mini';
import { mountsProblem } from './mounts.ts';
import { nameProblem } from './names.ts';

/**
 * How a setting is written by people, in a flag and in `spell.yaml`; what reads it is in `project/setting-readers.ts`.
 * `bytes` and `memory` take a unit (`512Ki`), without one they count bytes and MiB; `environment` is `NAME=VALUE` or a mapping;
 * `file` and `interpreter` are paths that stay paths; `choice` is one of a few words; `requirements`, `conda` and `configuration`
 * are files whose content is taken, the last one also inline.
 */
export type SettingKind =
  | 'text'
  | 'list'
  | 'number'
  | 'bytes'
  | 'memory'
  | 'switch'
  | 'choice'
  | 'environment'
  | 'file'
  | 'interpreter'
  | 'requirements'
  | 'conda'
  | 'configuration';

/**
 * One row of the table of settings: a key of `spell.yaml`, a flag of `serve` and `update`, and a field of the API's
 * `spec`, all of the same name (`spec/surfaces.md` §5). Whatever lists settings (help, schema, wizard, OpenAPI) walks
 * {@link settings}; nothing names them a second time.
 */
export interface SettingRow {
  kind: SettingKind;
  /** What a value must be once it is resolved: paths read, durations in the unit that `doc` names. */
  schema: z.ZodMiniType;
  /** What applies when nothing is said. Absent: there is no value then. */
  default?: unknown;
  /** The words of a `choice`. */
  values?: readonly string[];
  /** One line for `--help`, the schema and hovers, with the unit. */
  doc: string;
  flag: {
    /** The flag's name where it is not the key's own, without dashes. */
    name?: string;
    short?: string;
    /** The placeholder in the help text; a switch has none. */
    value?: string;
    /** The flag may be given several times, each one adding to the list. */
    repeat?: true;
  };
  /** Values that name a file beside `spell.yaml` or below the working directory, and are read where they are written. */
  path?: true;
}

const seconds = z.number().check(z.positive());
const count = z.int().check(z.positive());
const text = z.string().check(z.minLength(1));

/** More than 0 and at most 1, with what was probably meant where somebody wrote percent (`spec/behaviour.md` §4). */
const fraction = z.refine<number>((value) => value > 0 && value <= 1, {
  error: ({ input }) => {
    const asPercent = Number(input) / 100;
    return asPercent > 0.01 && asPercent <= 1 ? `must be from 0 to 1: did you mean ${asPercent}?` : 'must be more than 0 and at most 1';
  },
});

/** Checks one of the house's names inside a schema. */
const name = (kind: 'model server' | 'model'): z.ZodMiniString =>
  z.string().check((context) => {
    const problem = nameProblem(kind, context.value);
    if (problem) context.issues.push({ code: 'custom', message: problem, input: context.value });
  });

const mounts = z.array(text).check((context) => {
  const problem = mountsProblem(context.value);
  if (problem) context.issues.push({ code: 'custom', message: problem, input: context.value });
});

/** A requirements file as it was when it was read: its name for people, its lines for the installer. */
const requirementsFile = z.object({ file: z.string(), lines: z.array(z.string()) });

/** What of a conda environment file makes an environment (conda's "Creating an environment file manually"). Its name and its prefix do not. */
export const condaContent = z.object({
  channels: z.optional(z.array(z.string())),
  dependencies: z.array(z.union([z.string(), z.strictObject({ pip: z.array(z.string()) })])),
  variables: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
});

/** A conda environment file as it was when it was read: its name for people, and what it asks for. */
const condaFile = z.object({ file: z.string(), content: condaContent });
export type CondaFile = z.infer<typeof condaFile>;

/** Debian's rules for names, with an architecture and a version where one is wanted (Debian Policy 5.6.1 and 5.6.12). */
const systemPackage = z
  .string()
  .check(
    z.refine(
      (value) => /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~-]+)?$/.test(value),
      'is no NAME or NAME=VERSION of a Debian package',
    ),
  );

/** The predictor's configuration, read from the file that was named (`file`) or written inline. */
const configuration = z.object({ file: z.optional(z.string()), values: z.record(z.string(), z.json()) });

/** All settings of a model server, in the order in which people meet them. */
export const settings = {
  'server-name': {
    kind: 'text',
    schema: name('model server'),
    doc: "the model server's name (default: the model's name)",
    flag: { name: 'name', value: 'NAME' },
  },
  model: {
    kind: 'list',
    schema: z.array(text),
    doc: 'a model, NAME[:VERSION]; without a version the newest at the time of serving',
    flag: { value: 'MODEL[:VERSION]', repeat: true },
  },
  entrypoint: { kind: 'file', schema: text, doc: "the predictor's file", flag: { value: 'FILE' }, path: true },
  classname: { kind: 'text', schema: text, doc: 'which predictor class, where the entrypoint has several', flag: { value: 'CLASS' } },
  description: { kind: 'text', schema: z.string(), doc: 'a sentence for people', flag: { short: 'd', value: 'TEXT' } },
  config: {
    kind: 'configuration',
    schema: configuration,
    doc: "a JSON or YAML file whose keys become arguments of the predictor's __init__",
    flag: { value: 'FILE' },
    path: true,
  },
  'node-group': {
    kind: 'text',
    schema: text,
    default: 'default',
    doc: 'where its pods run; on one machine `default` is this machine',
    flag: { value: 'NAME' },
  },
  python: {
    kind: 'interpreter',
    schema: text,
    doc: 'the Python interpreter (default: VIRTUAL_ENV, .venv beside the entrypoint, then PATH)',
    flag: { value: 'PATH' },
    path: true,
  },
  pip: { kind: 'list', schema: z.array(text), doc: 'a package to install, as pip names it', flag: { value: 'REQUIREMENT', repeat: true } },
  'pip-req': { kind: 'requirements', schema: requirementsFile, doc: 'a requirements file to install', flag: { value: 'FILE' }, path: true },
  'conda-file': {
    kind: 'conda',
    schema: condaFile,
    doc: 'a conda environment file, in place of the interpreter; pip is installed over it',
    flag: { value: 'FILE' },
    path: true,
  },
  apt: {
    kind: 'list',
    schema: z.array(systemPackage),
    doc: 'a system package that it needs, NAME or NAME=VERSION; on one machine it must be installed already',
    flag: { value: 'NAME[=VERSION]', repeat: true },
  },
  env: {
    kind: 'environment',
    schema: z.record(z.string(), z.string()),
    doc: 'an environment variable of its workers',
    flag: { short: 'e', value: 'NAME=VALUE', repeat: true },
  },
  mounts: {
    kind: 'list',
    schema: mounts,
    doc: 'a resource to show the predictor below /mounts, RESOURCE[:PATH]',
    flag: { name: 'mount', short: 'm', value: 'RESOURCE[:PATH]', repeat: true },
  },
  'min-pods': { kind: 'number', schema: count, default: 1, doc: 'the smallest number of pods', flag: { value: 'N' } },
  'max-pods': {
    kind: 'number',
    schema: count,
    default: 5,
    doc: 'the largest number of pods; they grow beyond min-pods only towards a target',
    flag: { value: 'N' },
  },
  'target-cpu-utilization': {
    kind: 'number',
    schema: z.number().check(fraction),
    doc: 'the average CPU use of a pod, as a fraction of cpu-request (0 to 1), above which pods are added',
    flag: { value: 'FRACTION' },
  },
  'target-requests-per-second': {
    kind: 'number',
    schema: z.number().check(z.positive()),
    doc: 'requests per second and pod above which pods are added',
    flag: { value: 'N' },
  },
  'cpu-request': {
    kind: 'number',
    schema: z.number().check(z.positive()),
    default: 0.9,
    doc: 'the CPUs that a pod needs; what target-cpu-utilization is a fraction of',
    flag: { value: 'CPUS' },
  },
  'ram-request': {
    kind: 'memory',
    schema: count,
    doc: 'the memory that a pod needs: MiB, or with a unit (512Mi, 2Gi)',
    flag: { value: 'SIZE' },
  },
  'cpu-limit': {
    kind: 'number',
    schema: z.number().check(z.positive()),
    doc: 'the CPUs that a pod may use at most',
    flag: { value: 'CPUS' },
  },
  'ram-limit': {
    kind: 'memory',
    schema: count,
    doc: 'the memory that a pod may use at most: MiB, or with a unit (512Mi, 2Gi); what wants more is ended and replaced',
    flag: { value: 'SIZE' },
  },
  'gpu-limit': {
    kind: 'number',
    schema: z.int().check(z.nonnegative()),
    doc: 'how many GPUs each pod gets to itself, whole ones (default: none)',
    flag: { value: 'N' },
  },
  'num-processes': { kind: 'number', schema: count, default: 1, doc: 'Python processes (workers) per pod', flag: { value: 'N' } },
  'enable-batching': {
    kind: 'switch',
    schema: z.boolean(),
    doc: 'answer several requests with one call of `predict`, which then takes a list',
    flag: {},
  },
  'max-batch-size': {
    kind: 'number',
    schema: count,
    doc: 'the most requests of a batch; also turns batching on (default there: 100)',
    flag: { value: 'N' },
  },
  'request-timeout': {
    kind: 'number',
    schema: z.number().check(z.nonnegative()),
    doc: 'milliseconds that the first request of a batch waits for others; also turns batching on (default there: 500)',
    flag: { value: 'MS' },
  },
  'batch-policy': {
    kind: 'choice',
    schema: z.enum(['adaptive', 'fixed']),
    values: ['adaptive', 'fixed'],
    doc: 'adaptive: a free worker takes what waits, at once; fixed: a batch waits for company (default: fixed with --request-timeout)',
    flag: { value: 'adaptive|fixed' },
  },
  'batch-isolation': {
    kind: 'choice',
    schema: z.enum(['on', 'off']),
    values: ['on', 'off'],
    default: 'on',
    doc: 'on: parts of a batch that fails run again, so that only the guilty fail',
    flag: { value: 'on|off' },
  },
  'max-queue': {
    kind: 'number',
    schema: count,
    doc: 'requests that may wait; one more is answered 429 (default: 1000 for each worker, or ten full batches if that is more)',
    flag: { value: 'N' },
  },
  'predict-timeout': {
    kind: 'number',
    schema: seconds,
    default: 60,
    doc: 'seconds until a request is answered 504',
    flag: { value: 'SECONDS' },
  },
  'hard-timeout': {
    kind: 'number',
    schema: seconds,
    default: 600,
    doc: 'seconds after which a worker that still runs one request is replaced',
    flag: { value: 'SECONDS' },
  },
  'start-wait': {
    kind: 'number',
    schema: z.number().check(z.nonnegative()),
    default: 5,
    doc: 'seconds that a request may wait for the first pod',
    flag: { value: 'SECONDS' },
  },
  'startup-timeout': {
    kind: 'number',
    schema: seconds,
    default: 300,
    doc: 'seconds that a worker may take to load the predictor',
    flag: { value: 'SECONDS' },
  },
  'drain-timeout': {
    kind: 'number',
    schema: z.number().check(z.nonnegative()),
    default: 30,
    doc: 'seconds that running requests may take to finish when a pod stops',
    flag: { value: 'SECONDS' },
  },
  'max-request-size': {
    kind: 'bytes',
    schema: count,
    default: 100 * 2 ** 20,
    doc: "bytes that a request's body may have (with a unit: 512Ki, 100Mi)",
    flag: { value: 'SIZE' },
  },
  'cors-origins': {
    kind: 'list',
    schema: z.array(text),
    default: [] as string[],
    doc: 'a web origin whose pages may call the endpoint',
    flag: { value: 'ORIGIN', repeat: true },
  },
  debug: { kind: 'switch', schema: z.boolean(), default: false, doc: "put the predictor's traceback into error answers", flag: {} },
} as const satisfies Record<string, SettingRow>;

/** A key of `spell.yaml`. */
export type SettingKey = keyof typeof settings;

/** The settings that were said, resolved: values only for what somebody set. */
export type Settings = { -readonly [K in SettingKey]?: z.infer<(typeof settings)[K]['schema']> };

type Defaulted = { [K in SettingKey]: (typeof settings)[K] extends { default: unknown } ? K : never }[SettingKey];

/** The settings with every default in place. */
export type EffectiveSettings = Settings & { [K in Defaulted]-?: z.infer<(typeof settings)[K]['schema']> };

/** The keys in the table's order. */
export const settingKeys = Object.keys(settings) as SettingKey[];

/** The schema of {@link Settings}: unknown keys are refused, every key is optional. */
export const settingsSchema = z.strictObject(
  Object.fromEntries(settingKeys.map((key) => [key, z.optional(settings[key].schema as z.ZodMiniType)])),
) as unknown as z.ZodMiniType<Settings>;

/**
 * Fills in what was not said. A smallest number of pods above the default largest one raises that (`spec/behaviour.md` §4), and a
 * `cpu-limit` below the default request lowers that: nobody can use more.
 */
export function withDefaults(said: Settings): EffectiveSettings {
  const defaults = settingKeys.flatMap((key) => {
    const row: SettingRow = settings[key];
    return row.default === undefined ? [] : [[key, row.default] as const];
  });
  const effective = { ...Object.fromEntries(defaults), ...said } as EffectiveSettings;
  if (said['max-pods'] === undefined) effective['max-pods'] = Math.max(effective['max-pods'], effective['min-pods']);
  if (said['cpu-request'] === undefined) effective['cpu-request'] = Math.min(effective['cpu-request'], said['cpu-limit'] ?? Infinity);
  return effective;
}

/** The flag of a key, with its dashes: `--name` for `server-name`. */
export function flagOf(key: SettingKey): string {
  const row: SettingRow = settings[key];
  return `--${row.flag.name ?? key}`;
}
