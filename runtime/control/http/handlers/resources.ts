import type { Resources } from '../../resources.ts';
import type { Runs } from '../../runs.ts';
import type { Handlers } from '../handlers.ts';
import { wholeNumber } from '../whole-number.ts';

type ResourceRoutes = 'listResources' | 'createUpload' | 'describeResource' | 'removeResource' | 'registerRun' | 'runLog';

export function resourcesHandlers(resources: Resources, runs: Runs): Pick<Handlers, ResourceRoutes> {
  return {
    listResources: () => resources.list(),
    createUpload: ({ body }) => resources.createUpload(body.name, body.files),
    registerRun: ({ body }) => runs.register(body),
    runLog: ({ params, query }) =>
      runs.log(params.number, query.tail === undefined ? undefined : wholeNumber(query.tail, 'number of lines')),
    describeResource: ({ params }) => resources.describe(params.kind, params.name),
    removeResource: ({ params, query }) => {
      resources.remove(params.kind, params.name, query.force === 'true');
      return null;
    },
  };
}
