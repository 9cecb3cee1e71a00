import { contentsRoutes } from './routes/contents.ts';
import { environmentsRoutes } from './routes/environments.ts';
import { modelServersRoutes } from './routes/model-servers.ts';
import { modelsRoutes } from './routes/models.ts';
import { processRoutes } from './routes/process.ts';
import { resourcesRoutes } from './routes/resources.ts';
import type { Route } from './routes/route.ts';

/** Every route, by the name that the client uses. */
export const routes = {
  ...processRoutes,
  ...contentsRoutes,
  ...environmentsRoutes,
  ...resourcesRoutes,
  ...modelsRoutes,
  ...modelServersRoutes,
} as const satisfies Record<string, Route>;

/** The name of a route. */
export type RouteName = keyof typeof routes;
