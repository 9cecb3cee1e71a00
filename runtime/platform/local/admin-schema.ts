import * as z from 'zod/mini';
import { limitsEnforcement } from '../../api/limits.ts';
import { podStates, startFailure } from '../../api/objects.ts';
import { incident } from '../../api/traffic.ts';
import type { GatewayInfo, GatewayObservation } from '../../serving/admin.ts';

/** What a gateway says, checked: one that was taken over may be of another version. */
const front = z._default(
  z.object({ certificate: z.nullable(z.string()), accessLog: z.nullable(z.string()), notices: z.array(z.string()) }),
  // One of before there was anything to say of it.
  { certificate: null, accessLog: null, notices: [] },
);

export const gatewayInfo: z.ZodMiniType<GatewayInfo> = z.object({
  pid: z.int(),
  version: z.string(),
  url: z.string(),
  front,
});

const pod = z.object({
  id: z.string(),
  state: z.enum(podStates),
  reason: z.nullable(z.string()),
  createdAt: z.string(),
  readyAt: z.nullable(z.string()),
  restarts: z.int(),
  workers: z.array(z.object({ pid: z.int() })),
  gpus: z.optional(z.array(z.int())),
});

const revision = z.object({
  revision: z.int(),
  failure: z.nullable(z.extend(startFailure, { log: z.array(z.string()), final: z.boolean() })),
  pods: z.array(pod),
});

export const gatewayObservation: z.ZodMiniType<GatewayObservation> = z.object({
  url: z.string(),
  pid: z.int(),
  front,
  limits: z._default(z.nullable(limitsEnforcement), null),
  // One of before it could give any to pods.
  gpus: z._default(z.nullable(z.int()), 0),
  servers: z.array(
    z.object({
      owner: z.string(),
      name: z.string(),
      serving: z.nullable(z.int()),
      // One of before there were any says nothing of them.
      incidents: z._default(z.array(incident), []),
      revisions: z.array(revision),
    }),
  ),
});
