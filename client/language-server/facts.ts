import { pathToFileURL } from 'node:url';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ControlPlaneFacts, ModelFacts, RunningServerFacts } from '../../runtime/api/language-server.ts';
import { mountOf } from '../../runtime/api/mounts.ts';

/**
 * Asks a control plane for all that the language server wants to know of it. Node groups are not among it: on one machine
 * none is refused, so a name that is not known here is no mistake.
 */
export async function gatherFacts(client: Client): Promise<ControlPlaneFacts> {
  const [models, resources, summaries] = await Promise.all([client.listModels(), client.listResources(), client.listModelServers()]);
  const described = await Promise.all(
    models.map(async ({ name }): Promise<ModelFacts> => {
      const versions = await client.describeModel({ name });
      return {
        name,
        versions: versions.map(({ version, custom, files }) => ({ number: version, custom, files: files.map((file) => file.path) })),
      };
    }),
  );
  const servers = await Promise.all(
    summaries.map(async ({ owner, name, state, pods, models: served }): Promise<RunningServerFacts> => {
      const { spec, servedFrom } = await client.describeModelServer({ owner, name });
      return {
        owner,
        name,
        state,
        // An older control plane does not say.
        entrypoint: servedFrom ? pathToFileURL(servedFrom.entrypoint).href : null,
        classname: typeof spec.classname === 'string' ? spec.classname : null,
        config: servedFrom?.config === undefined ? null : pathToFileURL(servedFrom.config).href,
        batching: spec['enable-batching'] === true || spec['max-batch-size'] !== undefined || spec['request-timeout'] !== undefined,
        models: served,
        gpuLimit: typeof spec['gpu-limit'] === 'number' ? spec['gpu-limit'] : 0,
        mounts: ((spec.mounts as string[] | undefined) ?? []).map((text) => mountOf(text).path),
        pods,
      };
    }),
  );
  return { models: described, resources: resources.map((resource) => resource.path), servers };
}
