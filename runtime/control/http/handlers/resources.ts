import type { Resources } from '../../resources.ts';
import type { Handlers } from '../handlers.ts';

type ResourceRoutes = 'listResources' | 'createUpload' | 'describeResource' | 'removeResource';

export function resourcesHandlers(resources: Resources): Pick<Handlers, ResourceRoutes> {
  return {
    listResources: () => resources.list(),
    createUpload: ({ body }) => resources.createUpload(body.name, body.files),
    describeResource: ({ params }) => resources.describe(params.kind, params.name),
    removeResource: ({ params, query }) => {
      resources.remove(params.kind, params.name, query.force === 'true');
      return null;
    },
  };
}
