import * as z from 'zod/mini';
import { event } from '../events.ts';
import { status } from '../objects.ts';
import { flag, none, type Route } from './route.ts';

/** Of the control plane itself, its gateway and its events. */
export const processRoutes = {
  status: {
    method: 'GET',
    path: '/status',
    summary: 'Versions, addresses, processes, disk used; with `measure` the disk is measured anew, which may take a moment',
    query: z.object({ measure: flag }),
    answer: status,
    status: 200,
  },
  shutdown: {
    method: 'POST',
    path: '/shutdown',
    summary: 'Stops the control plane; with `keep` the gateway goes on serving',
    body: z.strictObject({ keep: z.optional(z.boolean()) }),
    answer: none,
    status: 202,
  },
  replaceGateway: {
    method: 'POST',
    path: '/gateway/replace',
    summary: 'Ends the gateway, after what it is answering, for one of this build; its pods start again. Events tell how far that is',
    answer: none,
    status: 202,
  },
  holdLease: {
    method: 'GET',
    path: '/leases/:holder',
    summary: 'Never ends by itself. When no holder has been connected for 10 s, the control plane stops, with everything that runs',
    answer: { events: z.never() },
    status: 200,
  },
  giveBackLease: {
    method: 'DELETE',
    path: '/leases/:holder',
    summary: 'Ends what the holder of a lease was connected to; this stops nothing',
    answer: none,
    status: 204,
  },
  events: {
    method: 'GET',
    path: '/events',
    summary:
      'What happened, and what happens; resumes after `Last-Event-ID` or `since`, with the newest `tail` at most; without any from now',
    query: z.object({ since: z.optional(z.string()), tail: z.optional(z.string()), follow: flag }),
    answer: { events: event },
    status: 200,
  },
} as const satisfies Record<string, Route>;
