import * as z from 'zod/mini';
import { scalingTargets } from './scaling.ts';
import { settingsSchema } from './settings.ts';
import { userSeries } from './user-metrics.ts';

/**
 * The JSON objects of the API and of `spell -o json` (`spec/surfaces.md` §2): the schemas check requests, make the
 * OpenAPI document, and give the types. Times are RFC 3339 in UTC, sizes are bytes, digests are `sha256:` and 64 hex digits.
 */
export const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));
const time = z.string();

/** One file of a resource, a model version or a snapshot of code. `path` is relative, with `/`, and never leaves its root. */
export const fileEntry = z.object({
  path: z.string(),
  size: z.int(),
  digest,
  executable: z.optional(z.boolean()),
});
export type FileEntry = z.infer<typeof fileEntry>;

/** A set of files. Equal manifests have equal digests (`manifest.ts`). */
export const manifest = z.array(fileEntry);
export type Manifest = z.infer<typeof manifest>;

/** The commit that a command was run at; `dirty` when tracked files differed from it. */
export const gitState = z.object({ commit: z.string(), dirty: z.boolean() });
export type GitState = z.infer<typeof gitState>;

const ranCommand = z.object({
  name: z.nullable(z.string()),
  command: z.array(z.string()),
  /** Where it was run: absolute, on the machine of whoever ran it. */
  folder: z.string(),
  /** As a shell tells it: 128 and the signal's number for a command that a signal ended. */
  exitStatus: z.int(),
  /** The signal that ended it: `SIGKILL`. */
  signal: z.nullable(z.string()),
  startedAt: time,
  endedAt: time,
  /** Null where it was run outside of any repository. */
  git: z.nullable(gitState),
});

export const runStates = ['complete', 'failed', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/** What made a run: a command, and how it ended. */
export const run = z.extend(ranCommand, { state: z.enum(runStates) });
export type Run = z.infer<typeof run>;

/** The body of `POST /resources/runs`. What it names was sent before. */
export const registerRun = z.strictObject({
  ...ranCommand.shape,
  /** Chosen by the caller: one that is registered again by the same id is the same run. */
  id: z.string(),
  files: manifest,
  /** The content with its log: one {@link runLogLine} a line. */
  log: digest,
});
export type RegisterRun = z.infer<typeof registerRun>;

/** One line that a run's command printed; `lifecycle` for what is told about the log itself. */
export const runLogLine = z.object({ time, stream: z.enum(['stdout', 'stderr', 'lifecycle']), text: z.string() });
export type RunLogLine = z.infer<typeof runLogLine>;

export const resource = z.object({
  /** `uploads/NAME` or `runs/N`. */
  path: z.string(),
  size: z.int(),
  files: z.int(),
  createdAt: time,
  creator: z.string(),
  /** Of `runs/N`. */
  run: z.optional(run),
});
export type Resource = z.infer<typeof resource>;

export const resourceDetail = z.extend(resource, {
  entries: manifest,
  /** The model versions that were made from it (`cifar:v1`), and the model servers that mount it. */
  usedBy: z.array(z.string()),
});
export type ResourceDetail = z.infer<typeof resourceDetail>;

const someContents = z.object({ contents: z.int(), bytes: z.int() });

/** What a prune removed, or would remove where it is a dry run; and what nothing needs either, but may be a part of what is being sent. */
export const pruned = z.object({ removed: someContents, tooYoung: someContents, dryRun: z.boolean() });
export type Pruned = z.infer<typeof pruned>;

export const modelSummary = z.object({
  name: z.string(),
  latestVersion: z.object({ number: z.int(), custom: z.nullable(z.string()) }),
  createdAt: time,
  creator: z.string(),
});
export type ModelSummary = z.infer<typeof modelSummary>;

/** A model version. `files[].source` is the path in the resource, `files[].path` the one below `/model/`. */
export const modelVersion = z.object({
  model: z.string(),
  version: z.int(),
  custom: z.nullable(z.string()),
  resource: z.string(),
  /** What made its files, where it was made from a run; it stays when the run is removed. */
  run: z.nullable(run),
  description: z.nullable(z.string()),
  files: z.array(z.object({ source: z.string(), path: z.string(), size: z.int(), digest })),
  createdAt: time,
  creator: z.string(),
});
export type ModelVersion = z.infer<typeof modelVersion>;

export const modelServerStates = [
  'requested',
  'created',
  'starting',
  'updating',
  'running',
  'stopping',
  'stopped',
  'failing',
  'failed',
] as const;
export type ModelServerState = (typeof modelServerStates)[number];

export const podStates = ['unschedulable', 'created', 'starting', 'ready', 'unhealthy', 'backing-off', 'draining', 'failed'] as const;
export type PodState = (typeof podStates)[number];

export const pod = z.object({
  /** Of one that is `unschedulable`, only for now: it gets another when it has a place. */
  id: z.string(),
  revision: z.int(),
  state: z.enum(podStates),
  /** Why it is not ready, for people; null when all is well. */
  reason: z.nullable(z.string()),
  createdAt: time,
  readyAt: z.nullable(time),
  restarts: z.int(),
  workers: z.array(z.object({ pid: z.int() })),
  /** The GPUs that it has to itself, by their index on its machine; absent where it has none. */
  gpus: z.optional(z.array(z.int())),
});
export type Pod = z.infer<typeof pod>;

/** A pod as whoever runs it sees it, below its revision. */
export type ObservedPod = Omit<Pod, 'revision'>;

/** What a failed start says about the user's own file, so that an editor can mark the line. */
export const startFailure = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.nullable(z.string()),
  /** The file as the project names it, relative to the project's root; null where none is to blame. */
  file: z.nullable(z.string()),
  /** Counted from 1. */
  line: z.nullable(z.int()),
  class: z.nullable(z.string()),
});
export type StartFailure = z.infer<typeof startFailure>;

/** Why pods of a revision cannot start. `log` has the last lines that were printed before; `final`: trying again cannot help. */
export interface RevisionFailure extends StartFailure {
  log: string[];
  final: boolean;
}

export const rolloutStates = ['progressing', 'draining', 'complete', 'failed', 'superseded'] as const;

/** Where the code of a revision was taken, as its client told it: absolute paths on the machine of whoever served it. */
export const servedFrom = z.object({
  /** The project's folder; `StartFailure.file` is relative to it. */
  root: z.string(),
  /** The predictor's file. */
  entrypoint: z.string(),
  /** The file that `config` was read from; absent where none was, or nobody knows. */
  config: z.optional(z.string()),
});
export type ServedFrom = z.infer<typeof servedFrom>;

/** The last rollout of a model server. `log` holds the last lines that the failing pod printed. */
export const rollout = z.object({
  state: z.enum(rolloutStates),
  revision: z.int(),
  reason: z.nullable(z.string()),
  /** How far it is, for people: `1 of 2 pods ready`; null before anything was seen. */
  stage: z.nullable(z.string()),
  failure: z.nullable(startFailure),
  log: z.array(z.string()),
  /** Of the revision that is rolled out; null when its client did not tell. */
  servedFrom: z.nullable(servedFrom),
});
export type Rollout = z.infer<typeof rollout>;

export const modelServerSummary = z.object({
  name: z.string(),
  owner: z.string(),
  state: z.enum(modelServerStates),
  /** The endpoint without its verb; it ends with the name. */
  url: z.string(),
  pods: z.object({ ready: z.int(), total: z.int() }),
  /** The revision that answers, or the one that is to answer first. */
  revision: z.int(),
  models: z.array(z.string()),
  createdAt: time,
});
export type ModelServerSummary = z.infer<typeof modelServerSummary>;

export const modelServer = z.extend(modelServerSummary, {
  curl: z.string(),
  /** Why it is not running well, in one sentence; null when it is. */
  reason: z.nullable(z.string()),
  /** What stands behind `reason` in the user's own file; a failed update is told by `rollout.failure`. */
  failure: z.nullable(startFailure),
  rollout: z.nullable(rollout),
  /** The settings with their defaults, `env` values masked. */
  spec: z.record(z.string(), z.json()),
  /** How it batches, and why so; null when it does not. Milliseconds. */
  batching: z.nullable(
    z.object({
      policy: z.enum(['adaptive', 'fixed']),
      why: z.string(),
      maxBatchSize: z.int(),
      requestTimeout: z.nullable(z.number()),
      isolation: z.boolean(),
    }),
  ),
  /** Between how many pods it moves and by what, with what each pod has on average at the moment (null: not known yet); null when it does not. */
  scaling: z.nullable(
    z.object({
      minPods: z.int(),
      maxPods: z.int(),
      targets: z.array(z.object({ setting: z.enum(scalingTargets), target: z.number(), current: z.nullable(z.number()) })),
      /** Why it does not move although a target was set; null when it does. */
      notice: z.nullable(z.string()),
      /** When it moved last, from how many pods to how many, and why; null before, and of an older control plane. */
      last: z.optional(z.nullable(z.object({ time, message: z.string() }))),
    }),
  ),
  /** What its pods may use, and how that is kept, a sentence each; empty without limits. An older control plane does not say. */
  limits: z.optional(z.array(z.string())),
  /** How `/model` and `/mounts` reach the predictor: `namespace`, `rewrite`, or null before any pod started. */
  paths: z.nullable(z.enum(['namespace', 'rewrite'])),
  /** The interpreter of the current revision. */
  python: z.nullable(z.string()),
  /** Of the current revision; null when its client did not tell. */
  servedFrom: z.nullable(servedFrom),
  creator: z.string(),
  podList: z.array(pod),
});
export type ModelServer = z.infer<typeof modelServer>;

export const revisionStates = ['pending', 'rolling-out', 'active', 'retired', 'failed'] as const;

export const revision = z.object({
  revision: z.int(),
  state: z.enum(revisionStates),
  createdAt: time,
  creator: z.string(),
  /** What differs from the revision before, one short phrase each: `min-pods: 1 → 2`, `code: 3 files`, `model: cifar v1 → v2`. */
  changes: z.array(z.string()),
  /** Why it failed, as it was told at that time; null unless `failed`. */
  reason: z.nullable(z.string()),
});
export type Revision = z.infer<typeof revision>;

export const environmentStates = ['making', 'ready', 'failed'] as const;

/** A Python environment that the platform keeps for revisions. Equal requests share one. */
export const environment = z.object({
  id: z.string(),
  state: z.enum(environmentStates),
  /** Packages over an interpreter, or what a conda file asks for. */
  kind: z.enum(['pip', 'conda']),
  /** Null until it is made, like the next two. */
  interpreter: z.nullable(z.string()),
  /** Of Python: `3.11.7`. */
  version: z.nullable(z.string()),
  packages: z.array(z.string()),
  /** The requirements file, or the conda file. */
  file: z.nullable(z.string()),
  /** What made it: `uv`, `pip`, `micromamba`, `mamba`, `conda`. */
  tool: z.nullable(z.string()),
  /** Bytes; 0 until it is made. */
  size: z.int(),
  /** When it was made, or when the making began or failed. */
  createdAt: time,
  lastUsedAt: time,
  /** What is being done, in words for people; null unless it is being made. */
  stage: z.nullable(z.string()),
  /** Why it could not be made, with the last words of what tried; null unless that failed. It is tried again by the next revision that asks for it. */
  failure: z.nullable(z.object({ message: z.string(), hint: z.nullable(z.string()), log: z.array(z.string()) })),
  /** A model server answers with it, is about to, or would start with it: a prune leaves it. So does it while it is being made. */
  inUse: z.boolean(),
  usedBy: z.array(z.object({ server: z.string(), revision: z.int(), state: z.enum(revisionStates), inUse: z.boolean() })),
});
export type Environment = z.infer<typeof environment>;

/** The last lines that installers printed while an environment was made, oldest first. */
export const environmentLog = z.object({ lines: z.array(z.string()) });
export type EnvironmentLog = z.infer<typeof environmentLog>;

/** What a prune of environments removed, or would remove where it is a dry run. */
export const prunedEnvironments = z.object({ removed: z.array(environment), dryRun: z.boolean() });
export type PrunedEnvironments = z.infer<typeof prunedEnvironments>;

/** The files of a project around its entrypoint, taken when it was served. Contents are uploaded before (`PUT /files/DIGEST`). */
export const codeSnapshot = z.object({
  /** Relative to the project's folder, one of `files`. */
  entrypoint: z.string(),
  files: manifest,
  servedFrom: z.optional(servedFrom),
});
export type CodeSnapshot = z.infer<typeof codeSnapshot>;

/** The body of `POST /model-servers`. The settings are resolved: nothing in them is a path on the caller's machine but `python`. */
export const serveRequest = z.strictObject({
  name: z.optional(z.string()),
  owner: z.optional(z.string()),
  settings: settingsSchema,
  code: codeSnapshot,
});
export type ServeRequest = z.infer<typeof serveRequest>;

/**
 * The body of `PATCH /model-servers/OWNER/NAME`. What is absent stays, or with `replace` goes back to its default; `unset`
 * restores defaults; a list replaces its list.
 */
export const updateRequest = z.strictObject({
  settings: z.optional(settingsSchema),
  unset: z.optional(z.array(z.string())),
  code: z.optional(codeSnapshot),
  replace: z.optional(z.boolean()),
  /** The old revision ends before the new one starts, with a gap: for where there is no room for both. */
  recreate: z.optional(z.boolean()),
});
export type UpdateRequest = z.infer<typeof updateRequest>;

/** The body of `POST /model-servers/OWNER/NAME/rollback`. */
export const rollbackRequest = z.strictObject({
  /** The revision before the one that answers, if absent. */
  to: z.optional(z.int()),
  /** As in an {@link updateRequest}. */
  recreate: z.optional(z.boolean()),
});
export type RollbackRequest = z.infer<typeof rollbackRequest>;

/** What `serve` or an update would do, told without doing it. `changes` are those of a {@link revision}. */
export const preview = z.object({ action: z.enum(['create', 'update', 'none']), changes: z.array(z.string()) });
export type Preview = z.infer<typeof preview>;

/** What a verb that takes time is answered with (status 202). It has ended when an event `rollout.*` or `server.*` of `object` says so. */
export const operation = z.object({
  /** `rollout/OWNER/NAME/REVISION` or `stop/OWNER/NAME`; `none/OWNER/NAME` when all is already as it was asked for. */
  operation: z.string(),
  /** The revision that is rolled out; null when none is: a stop, or nothing to change. */
  revision: z.nullable(z.int()),
  /** The number of the last event before it began: follow from here. */
  since: z.int(),
  modelServer: modelServer,
});
export type Operation = z.infer<typeof operation>;

export const logLine = z.object({
  /** Where it stands among the lines of its model server: `since` of the route `logs` goes on after it. */
  position: z.string(),
  time,
  pod: z.string(),
  /** The worker's number in its pod, from 0; null for lines of the pod's own life. */
  worker: z.nullable(z.int()),
  stream: z.enum(['stdout', 'stderr', 'lifecycle']),
  level: z.nullable(z.string()),
  requestId: z.nullable(z.string()),
  /** The batch that printed it, of several requests (`BatchRecord.id`); `requestId` is null then. */
  batch: z.optional(z.string()),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLine>;

/** What a model server did in one step of time, which ended at `time`. Numbers that were not measured are null. */
export const metricsPoint = z.object({
  time,
  seconds: z.number(),
  requests: z.int(),
  requestsPerSecond: z.number(),
  /** All that were not answered by the predictor, and their causes. */
  failed: z.int(),
  failures: z.record(z.string(), z.int()),
  p50Ms: z.nullable(z.number()),
  p90Ms: z.nullable(z.number()),
  p95Ms: z.nullable(z.number()),
  p99Ms: z.nullable(z.number()),
  /** Requests of a batch, on average. */
  batchSize: z.nullable(z.number()),
  /** Processors in use by all its pods, on average. */
  cpu: z.nullable(z.number()),
  memoryBytes: z.nullable(z.number()),
  /** Of the GPUs that its pods have: the memory in use on all of them, and how busy they are on average, 0 to 1. Absent where none has any. */
  gpuMemoryBytes: z.optional(z.number()),
  gpuUtilization: z.optional(z.number()),
  /** Ready ones, at the end of the step, as are the next two. */
  pods: z.int(),
  queueDepth: z.int(),
  inFlight: z.int(),
  /** The predictor's own, summed over workers and pods: by how much counters grew in the step, how gauges stood at its end. */
  userMetrics: z.array(userSeries),
  /** How many of them are not kept, because there are too many. */
  userMetricsLeftOut: z.int(),
});
export type MetricsPoint = z.infer<typeof metricsPoint>;

/** What the endpoint proves itself with. A client on this machine may trust `file`, whatever name it carries. */
export const endpointCertificate = z.object({
  /** In PEM. */
  file: z.string(),
  /** Made by Spell for itself: nobody trusts it who is not told to. */
  selfSigned: z.boolean(),
});
export type EndpointCertificate = z.infer<typeof endpointCertificate>;

/** `GET /status`, and the file `spelld.json`. */
export const status = z.object({
  version: z.string(),
  apiUrl: z.string(),
  gatewayUrl: z.nullable(z.string()),
  /** The build of the gateway that answers: an update of the control plane leaves it serving. */
  gatewayVersion: z.optional(z.string()),
  /** Where `gatewayUrl` is https. */
  gatewayCertificate: z.optional(endpointCertificate),
  /** The file that each request is noted in, where that was asked for. */
  accessLog: z.optional(z.string()),
  metricsUrl: z.string(),
  processes: z.object({ spelld: z.int(), gateway: z.nullable(z.int()) }),
  home: z.string(),
  /** Bytes below `home`. */
  disk: z.int(),
  /** What its user should know and nobody asked about, a sentence each: a damaged database that was kept aside, a gateway that cannot start. */
  notices: z.optional(z.array(z.string())),
  /** The number of the newest event: who reads everything now and then follows from here misses nothing. Not in the file. */
  lastEvent: z.optional(z.int()),
  /** Those that a model server can be assigned to. Not in the file. */
  nodeGroups: z.optional(z.array(z.string())),
});
export type Status = z.infer<typeof status>;
