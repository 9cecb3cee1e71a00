import type { Status } from '../../../api/objects.ts';
import type { Leases } from '../../process/leases.ts';
import type { Handlers } from '../handlers.ts';

/** The routes of the process itself. */
export type ProcessRoute = 'status' | 'shutdown' | 'holdLease' | 'giveBackLease';

/** What the process can say of itself and do to itself. */
export interface ProcessControl {
  status: (measure: boolean) => Promise<Status>;
  /** Begins to end; returns at once. */
  shutdown: (mode: 'keep' | 'all') => void;
  /** Whose end is its end. */
  leases: Leases;
}

export function processHandlers({ status, shutdown, leases }: ProcessControl): Pick<Handlers, ProcessRoute> {
  return {
    status: ({ query }) => status(query.measure === 'true'),
    shutdown: ({ body }) => {
      shutdown(body.keep ? 'keep' : 'all');
      return null;
    },
    holdLease: ({ params, signal }) => leases.hold(params.holder, signal),
    giveBackLease: ({ params }) => {
      leases.giveBack(params.holder);
      return null;
    },
  };
}
