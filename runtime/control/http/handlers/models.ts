import type { Models } from '../../models.ts';
import type { Handlers } from '../handlers.ts';

type ModelRoutes = 'listModels' | 'createModel' | 'describeModel' | 'describeModelVersion' | 'removeModel' | 'removeModelVersion';

export function modelsHandlers(models: Models): Pick<Handlers, ModelRoutes> {
  return {
    listModels: () => models.list(),
    createModel: ({ body }) => models.create(body),
    describeModel: ({ params }) => models.versions(params.name),
    describeModelVersion: ({ params }) => models.version(params.name, params.version),
    removeModel: ({ params }) => {
      models.remove(params.name);
      return null;
    },
    removeModelVersion: ({ params }) => {
      models.removeVersion(params.name, params.version);
      return null;
    },
  };
}
