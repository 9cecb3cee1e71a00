import type { LimitsEnforcement } from '../api/limits.ts';
import type { ObservedPod, RevisionFailure } from '../api/objects.ts';
import type { EffectiveSettings } from '../api/settings.ts';
import type { Incident } from '../api/traffic.ts';
import type { StartMessage } from './wire/frames.ts';

/**
 * What the local platform and the gateway say to each other: JSON over HTTP on the gateway's own Unix socket (a named
 * pipe on Windows), which only its user can open.
 *
 *     GET  /info                  GatewayInfo
 *     PUT  /servers/OWNER/NAME    GatewayServer: the whole desired state of one model server
 *     DELETE /servers/OWNER/NAME
 *     GET  /watch                 one JSON GatewayObservation a line: at once, and after each change
 *     GET  /logs/OWNER/NAME       {@link LogLine}s, one JSON object a line; `?pod=&tail=&since=&follow=true`
 *     GET  /traffic/OWNER/NAME    ObservedTraffic of `api/traffic.ts`
 *     GET  /requests/OWNER/NAME   its last RequestRecords, newest first
 *     GET  /batches/OWNER/NAME    its last BatchRecords, newest first
 *     GET  /metrics               the gateway's own numbers, in Prometheus's text format
 *     PUT  /control-plane         ControlPlaneProgram of `gateway-options.ts`: how one is started from now on
 *     POST /detach                the control plane ends on purpose: it is not to be started again
 *     POST /stop                  drains and ends everything, then the gateway itself
 *
 * While at least one `/watch` is open the gateway counts its control plane as alive. When the last one ends without
 * `/stop` or `POST /detach`, it starts a new control plane: as the last one said that took it over, so that a gateway which
 * outlives an update starts what came with that, and as one before it where that is gone.
 */
export interface GatewayInfo {
  pid: number;
  version: string;
  url: string;
  front: GatewayFront;
}

/** How the endpoint is reached, beside its address. */
export interface GatewayFront {
  /** The file of the certificate that it answers with; null: it speaks plain HTTP. */
  certificate: string | null;
  /** The file that requests are noted in; null: none. */
  accessLog: string | null;
  /** What its user should know of it, a sentence each. */
  notices: string[];
}

/** Desired: every revision that should have pods, and the one that answers. */
export interface GatewayServer {
  owner: string;
  name: string;
  serving: number | null;
  stopped: boolean;
  revisions: GatewayRevision[];
}

export interface GatewayRevision {
  revision: number;
  pods: number;
  settings: EffectiveSettings;
  launch: Launch;
}

/** How one worker of a revision is started. The gateway adds what differs from worker to worker. */
export interface Launch {
  /** The program and its arguments. */
  command: string[];
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  cwd: string;
  start: Omit<StartMessage, 'pod' | 'worker' | 'batchPrefix' | 'limits'>;
}

/** Observed: all pods there are, also those that drain. */
export interface GatewayObservation {
  url: string;
  pid: number;
  front: GatewayFront;
  /** How pods are kept within their limits; null: the gateway does not. */
  limits: LimitsEnforcement | null;
  /** How many GPUs there are for pods; null while that is not known yet. */
  gpus: number | null;
  servers: GatewayServerObserved[];
}

export interface GatewayServerObserved {
  owner: string;
  name: string;
  serving: number | null;
  /** The newest ones, oldest first: a few at most. */
  incidents: Incident[];
  revisions: {
    revision: number;
    failure: RevisionFailure | null;
    pods: ObservedPod[];
  }[];
}
