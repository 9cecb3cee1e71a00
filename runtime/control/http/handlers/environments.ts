import type { Platform } from '../../../platform/platform.ts';
import { listEnvironments, pruneEnvironments } from '../../environments.ts';
import type { Store } from '../../store/store.ts';
import type { Handlers } from '../handlers.ts';

/** The Python environments of the platform. */
export function environmentsHandlers(store: Store, platform: Platform): Pick<Handlers, 'listEnvironments' | 'pruneEnvironments'> {
  return {
    listEnvironments: () => listEnvironments(store, platform),
    pruneEnvironments: ({ body }) => pruneEnvironments(store, platform, body.dryRun === true),
  };
}
