import * as z from 'zod/mini';
import { incidentTypes } from './traffic.ts';

/**
 * Everything that happens and that somebody else cares about: one closed list. Readers dispatch on `type`
 * exhaustively; `object` is what it happened to (`local/digits`, `models/cifar:v3`, `uploads/config`, `environments/ID`, `spelld`, `gateway`).
 */
export const eventTypes = [
  'spelld.started',
  'spelld.stopping',
  'gateway.started',
  'gateway.lost',
  'store.recovered',
  'resource.created',
  'resource.removed',
  'model.created',
  'model.removed',
  'server.created',
  'server.changed',
  'server.scaled',
  'server.stopped',
  'server.removed',
  'rollout.started',
  'rollout.progress',
  'rollout.switched',
  'rollout.succeeded',
  'rollout.failed',
  'rollout.superseded',
  'environment.progress',
  'environment.ready',
  'environment.failed',
  'environment.removed',
  'pod.unschedulable',
  'pod.created',
  'pod.ready',
  'pod.unhealthy',
  'pod.restarting',
  'pod.gone',
  ...incidentTypes,
] as const;
export type EventType = (typeof eventTypes)[number];

/** An event. `seq` grows by one and is never used twice; streams resume after it. */
export const event = z.object({
  seq: z.int(),
  time: z.string(),
  type: z.enum(eventTypes),
  object: z.string(),
  /** One sentence for people. */
  message: z.string(),
  /** What a program needs beyond the sentence; its fields depend on `type`. */
  data: z.optional(z.record(z.string(), z.json())),
});
export type SpellEvent = z.infer<typeof event>;
