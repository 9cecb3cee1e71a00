import type { Status } from '../../../api/objects.ts';
import type { Handlers } from '../handlers.ts';

/** What the process can say of itself and do to itself. */
export interface ProcessControl {
  status: (measure: boolean) => Promise<Status>;
  /** Begins to end; returns at once. */
  shutdown: (mode: 'keep' | 'all') => void;
}

export function processHandlers({ status, shutdown }: ProcessControl): Pick<Handlers, 'status' | 'shutdown'> {
  return {
    status: ({ query }) => status(query.measure === 'true'),
    shutdown: ({ body }) => {
      shutdown(body.keep ? 'keep' : 'all');
      return null;
    },
  };
}
