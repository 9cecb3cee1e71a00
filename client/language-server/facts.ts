import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ControlPlaneFacts, ModelFacts, RunningServerFacts } from '../../runtime/api/language-server.ts';

/** Where a model server was served from on this machine, as far as the extension remembers. */
export type ServedFrom = (owner: string, name: string) => { entrypoint: string; config: string | null } | undefined;

/** Asks a control plane for all that the language server wants to know of it. */
export async function gatherFacts(client: Client, servedFrom: ServedFrom): Promise<ControlPlaneFacts> {
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
      const { spec } = await client.describeModelServer({ owner, name });
      const from = servedFrom(owner, name);
      return {
        owner,
        name,
        state,
        entrypoint: from?.entrypoint ?? null,
        classname: typeof spec.classname === 'string' ? spec.classname : null,
        config: from?.config ?? null,
        batching: spec['enable-batching'] === true || spec['max-batch-size'] !== undefined || spec['request-timeout'] !== undefined,
        models: served,
        gpuLimit: typeof spec['gpu-limit'] === 'number' ? spec['gpu-limit'] : 0,
        mounts: [],
        pods,
        requestsPerSecond: null,
      };
    }),
  );
  return { models: described, resources: resources.map((resource) => resource.path), servers };
}
