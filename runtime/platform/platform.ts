import type { Readable } from 'node:stream';
import type { GpuUse } from '../api/gpu-use.ts';
import type { LimitsEnforcement } from '../api/limits.ts';
import type { CodeSnapshot, EndpointCertificate, Environment, LogLine, ObservedPod, RevisionFailure } from '../api/objects.ts';
import type { EffectiveSettings } from '../api/settings.ts';
import type { BatchRecord, Incident, ObservedTraffic, RequestRecord } from '../api/traffic.ts';
import type { PodUserMetrics } from '../api/user-metrics.ts';

/**
 * What carries decisions out. `control` says which pods of which revisions should exist and which revision answers; a
 * platform makes it so and says what it sees. Both directions carry *whole states*, never changes: a message that is
 * lost, repeated or late does no harm, because the next one says everything again.
 *
 * Nothing here assumes one machine, a shared disk or a process id that means anything elsewhere.
 */
export interface Platform {
  /** `local`, `kubernetes`. */
  readonly name: string;

  /** The node groups that pods can run in. */
  nodeGroups(): Promise<readonly string[]>;

  /** Starts whatever the platform needs for itself. Takes over what an earlier control plane left running. */
  start(): Promise<void>;

  /** Declares the whole desired state of one model server. Idempotent; returns when it is noted, not when it is reached. */
  apply(desired: DesiredModelServer): Promise<void>;

  /** Forgets a model server: its pods drain and end, its endpoint answers 404, its logs are removed. */
  remove(server: ServerKey): Promise<void>;

  /**
   * Calls `listener` with the observed state of every model server, at once and after each change (changes of one
   * moment may come as one). Returns what ends the watch.
   */
  watch(listener: (observed: Observation) => void): () => void;

  /**
   * The lines that a model server's pods printed, in the order of their positions; with `follow` it goes on until the
   * signal aborts or the model server is gone. Who reads slowly is waited for.
   */
  logs(query: LogQuery): AsyncIterable<LogLine>;

  /**
   * What became of a model server's requests, pod by pod: exact counts, and histograms that can be added up. Counted
   * since whatever counts them began. Null while nothing answers there.
   */
  traffic(server: ServerKey): Promise<ObservedTraffic | null>;

  /** What each of its pods used of the machine; absent where something else measures that. Pods that cannot be measured are left out. */
  usage?(server: ServerKey): Promise<PodUsage[]>;

  /** The numbers that its predictor reports about itself, of each pod; asked only where `traffic` says that there are any. */
  userMetrics(server: ServerKey): Promise<PodUserMetrics[]>;

  /** Some hundreds of its last requests and batches at most, newest first; none while nothing answers there. */
  requests(server: ServerKey): Promise<RequestRecord[]>;
  batches(server: ServerKey): Promise<BatchRecord[]>;

  /** Metrics of everything it runs, in Prometheus' text format; absent where something else collects them. */
  metrics?(): Promise<string>;

  /** The Python environments that it keeps, is making, or could not make, those used last first; absent where they are part of images. */
  environments?(): Promise<KeptEnvironment[]>;

  /** The last lines that installers printed for one of them, oldest first; null where there is none of that id. */
  environmentLog?(id: string): Promise<string[] | null>;

  /** Removes some of them, but none that anything here needs. Returns the ids of those that are gone. */
  removeEnvironments?(ids: readonly string[]): Promise<string[]>;

  /**
   * Ends the gateway that an earlier control plane left, after what it is answering, for one of this build; what runs starts again
   * under it. Returns when it is noted. Absent where no gateway outlives its control plane.
   */
  replaceGateway?(): Promise<void>;

  /**
   * Ends this control plane's part. `keep` leaves everything serving (the next control plane takes over); otherwise
   * all pods drain and end, and nothing the platform started is left.
   */
  stop(mode: 'keep' | 'all'): Promise<void>;
}

/** Which model server. */
export interface ServerKey {
  owner: string;
  name: string;
}

/** Everything a platform has to know of one model server. */
export interface DesiredModelServer extends ServerKey {
  /** The revision that is to answer requests; null while there is none. Requests never go to another one. */
  serving: number | null;
  /** Taken off line by its user: answers 503 `stopped`, and has no pods. */
  stopped: boolean;
  /** All revisions that should have pods. One that is absent drains and ends. */
  revisions: DesiredRevision[];
}

/** How many pods of a revision should be there. */
export interface DesiredRevision {
  revision: number;
  pods: number;
  spec: RevisionSpec;
}

/** An immutable snapshot: all that a pod of this revision is made from. Two pods of one revision are interchangeable. */
export interface RevisionSpec {
  settings: EffectiveSettings;
  /** Pinned versions. One model stands in `/model/`, several in `/model/NAME/`. */
  models: PinnedModel[];
  /** What stands below `/mounts/`; revisions of before there were mounts have none. */
  mounts?: PinnedMount[];
  code: { entrypoint: CodeSnapshot['entrypoint']; manifest: string };
}

/** A model version as a revision pins it. `manifest` is the digest of its files' manifest. */
export interface PinnedModel {
  name: string;
  /** `v3`. */
  version: string;
  custom: string | null;
  manifest: string;
}

/** A resource as a revision pins it. `manifest` is the digest of its files, with their paths below `/mounts/`. */
export interface PinnedMount {
  resource: string;
  path: string;
  manifest: string;
}

/** Where a platform gets contents from: manifests and files, all by digest. */
export interface ArtefactSource {
  /** The bytes of one content; rejects with `not-found` when there is none. */
  open(digest: string): Promise<Readable>;
  /** Where the bytes lie, when source and platform share a disk: only to avoid a copy, never needed. */
  localPath?(digest: string): string | undefined;
}

/** What a platform sees, whole. */
export interface Observation {
  /** `http://127.0.0.1:8000`, without a slash at the end; null while nothing answers there. */
  endpoint: string | null;
  /** How the endpoint is reached, beside its address; absent while nothing answers there. */
  front?: ObservedFront;
  /** Ids of the platform's own processes, for people (`spell status`); empty where that means nothing. */
  processes: Record<string, number>;
  /** What there is to be shared out among pods, where the platform does not find places for them itself. */
  machine?: Machine;
  /** How pods are kept within their limits, where the platform itself does it. */
  limits?: LimitsEnforcement;
  servers: ObservedModelServer[];
}

/** `gpus` is null while it is not known yet how many there are. */
export interface Machine {
  cpus: number;
  memoryBytes: number;
  gpus: number | null;
}

export interface ObservedFront {
  /** The build that answers there, which may be older than the control plane's; absent where that cannot be. */
  version?: string;
  /** The certificate that the endpoint answers with; null: it speaks plain HTTP. */
  certificate: EndpointCertificate | null;
  /** Where each request is noted; null: nowhere. */
  accessLog: string | null;
  /** What its user should know of it, a sentence each. */
  notices: string[];
}

export interface ObservedModelServer extends ServerKey {
  /** The revision that requests go to at this moment. */
  serving: number | null;
  /** The newest things of its traffic that a person wants to be told, oldest first, a few at most. Absent: none. */
  incidents?: Incident[];
  revisions: ObservedRevision[];
}

export interface ObservedRevision {
  revision: number;
  /** What is being made before pods can start ("creating the environment: numpy 2.3"); null when nothing is. */
  preparing: string | null;
  /** Why pods of this revision cannot start. It stays until the revision is no longer desired, or a pod gets ready. */
  failure: RevisionFailure | null;
  pods: ObservedPod[];
  /** How `/model` and `/mounts` reach the predictor. */
  paths: 'namespace' | 'rewrite' | null;
  /** The interpreter its workers run in. */
  python: string | null;
}

/** A Python environment that revisions share. Equal ids mean equal environments. `inUse`: one of them is wanted, or has pods, or it is being made. */
export interface KeptEnvironment extends Omit<Environment, 'usedBy'> {
  /** The revisions that it was taken for, and when that was last; also such as are gone. */
  uses: (ServerKey & { revision: number; at: string })[];
}

/** What one pod used: the time of all its processes since they began, and the memory that they hold now, there and on its GPUs. */
export interface PodUsage extends GpuUse {
  pod: string;
  cpuSeconds: number;
  memoryBytes: number;
}

/** Which lines. Without `tail` and `since` all that are kept. */
export interface LogQuery extends ServerKey {
  pod?: string;
  tail?: number;
  /** Only what comes after this position, or from this time on (`api/log-position.ts`). */
  since?: string;
  follow?: boolean;
  signal?: AbortSignal;
}
