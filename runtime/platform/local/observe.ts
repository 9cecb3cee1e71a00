import { availableParallelism, totalmem } from 'node:os';
import type { RevisionFailure } from '../../api/objects.ts';
import type { GatewayFront, GatewayObservation, Launch } from '../../serving/admin.ts';
import type { DesiredModelServer, Observation, ObservedFront, ObservedModelServer, ObservedRevision, ServerKey } from '../platform.ts';
import { keyOf } from './told.ts';

/** What this machine knows of a revision before the gateway can know of it. */
export interface RevisionOnMachine {
  preparing: string | null;
  failure: RevisionFailure | null;
  /** How its workers are started, once that is known. */
  result: Launch | undefined;
}

/** A model server that is wanted, and what is known of its revisions. */
export interface ServerOnMachine {
  desired: DesiredModelServer;
  revisions: ReadonlyMap<number, RevisionOnMachine>;
}

type GatewayRevisionObserved = GatewayObservation['servers'][number]['revisions'][number];

/**
 * What the platform sees, whole: the gateway's pods with what is being prepared here. `gateway` is null while none
 * answers: nothing serves then, and there are no pods. `launchOf` knows how pods were started that nobody wants any more;
 * `ownCertificate` is the file of the certificate that Spell makes for itself; `gpus` is how many pods can have, null while nobody knows.
 */
export function observe(
  gateway: (GatewayObservation & { version: string }) | null,
  servers: Iterable<ServerOnMachine>,
  launchOf: (key: ServerKey, revision: number) => Launch | undefined,
  ownCertificate: string,
  gpus: number | null,
): Observation {
  const wanted = new Map([...servers].map((server) => [keyOf(server.desired), server]));
  const running = new Map(gateway?.servers.map((server) => [keyOf(server), server]));
  const merged = new Set([...wanted.keys(), ...running.keys()]).values().map((key): ObservedModelServer => {
    const here = wanted.get(key);
    const there = running.get(key);
    const { owner, name } = (here?.desired ?? there) as ServerKey;
    const pods = new Map(there?.revisions.map((each) => [each.revision, each]));
    const numbers = [...new Set([...(here?.revisions.keys() ?? []), ...pods.keys()])].sort((a, b) => a - b);
    return {
      owner,
      name,
      serving: there?.serving ?? null,
      incidents: there?.incidents ?? [],
      revisions: numbers.map((number) =>
        observeRevision(number, here?.revisions.get(number), pods.get(number), launchOf({ owner, name }, number)),
      ),
    };
  });
  return {
    endpoint: gateway?.url ?? null,
    ...(gateway && { front: observeFront(gateway.version, gateway.front, ownCertificate) }),
    processes: gateway ? { gateway: gateway.pid } : {},
    machine: { cpus: availableParallelism(), memoryBytes: totalmem(), gpus },
    ...(gateway?.limits && { limits: gateway.limits }),
    servers: [...merged],
  };
}

function observeFront(version: string, { certificate, accessLog, notices }: GatewayFront, ownCertificate: string): ObservedFront {
  return {
    version,
    certificate: certificate === null ? null : { file: certificate, selfSigned: certificate === ownCertificate },
    accessLog,
    notices,
  };
}

function observeRevision(
  revision: number,
  here: RevisionOnMachine | undefined,
  there: GatewayRevisionObserved | undefined,
  former: Launch | undefined,
): ObservedRevision {
  const launch = here?.result ?? former;
  return {
    revision,
    preparing: here?.preparing ?? null,
    failure: here?.failure ?? there?.failure ?? null,
    pods: there?.pods ?? [],
    paths: launch?.start.paths ?? null,
    python: launch?.command[0] ?? null,
  };
}
