import type { Platform } from '../../../platform/platform.ts';
import { environmentLog, listEnvironments, pruneEnvironments } from '../../environments.ts';
import type { Events } from '../../events.ts';
import type { Store } from '../../store/store.ts';
import type { Handlers } from '../handlers.ts';

type EnvironmentRoutes = 'listEnvironments' | 'environmentLog' | 'pruneEnvironments';

/** The Python environments of the platform. */
export function environmentsHandlers(store: Store, platform: Platform, events: Events): Pick<Handlers, EnvironmentRoutes> {
  return {
    listEnvironments: () => listEnvironments(store, platform),
    environmentLog: ({ params }) => environmentLog(platform, params.id),
    pruneEnvironments: ({ body }) => pruneEnvironments(store, platform, events, body.dryRun === true),
  };
}
