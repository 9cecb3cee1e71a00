import { pathToFileURL } from 'node:url';
import type { ControlPlaneFacts, ModelFacts, RunningServerFacts } from '../../runtime/api/language-server.ts';
import { mountOf, mountsOf } from '../../runtime/api/mounts.ts';
import type { ModelServer, Status } from '../../runtime/api/objects.ts';
import { hasVersions, type Inventory, isDescribed, type ModelEntry } from '../inventory/inventory.ts';

/**
 * All that the language server wants to know of a control plane, out of what it says of itself and the window's inventory: what was
 * not read yet is asked for, and nothing a second time. Undefined when a list could not be read.
 */
export async function gatherFacts(
  { nodeGroups }: Pick<Status, 'nodeGroups'>,
  { models, modelServers, resources }: Inventory,
): Promise<ControlPlaneFacts | undefined> {
  const listings = [models, modelServers, resources];
  await Promise.all(listings.map(async (listing) => listing.state === 'unread' && listing.read()));
  const [described, servers] = await Promise.all([models.detailed(hasVersions), modelServers.detailed(isDescribed)]);
  if (listings.some(({ state }) => state !== 'empty' && state !== 'filled')) return undefined;
  return {
    models: described.map(modelFacts),
    resources: resources.items.map(({ path }) => path),
    servers: servers.map(serverFacts),
    // An older control plane does not say.
    ...(nodeGroups && { nodeGroups }),
  };
}

function modelFacts({ name, versions }: Required<ModelEntry>): ModelFacts {
  return {
    name,
    versions: versions.map(({ version, custom, files }) => ({ number: version, custom, files: files.map((file) => file.path) })),
  };
}

function serverFacts({ owner, name, state, pods, models, spec, servedFrom }: ModelServer): RunningServerFacts {
  return {
    ...{ owner, name, state, models, pods },
    // An older control plane does not say.
    entrypoint: servedFrom ? pathToFileURL(servedFrom.entrypoint).href : null,
    classname: typeof spec.classname === 'string' ? spec.classname : null,
    config: servedFrom?.config === undefined ? null : pathToFileURL(servedFrom.config).href,
    batching: spec['enable-batching'] === true || spec['max-batch-size'] !== undefined || spec['request-timeout'] !== undefined,
    gpuLimit: typeof spec['gpu-limit'] === 'number' ? spec['gpu-limit'] : 0,
    mounts: mountsOf({ spec }).map((text) => mountOf(text).path),
  };
}
