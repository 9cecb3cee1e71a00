import { SpellError } from '../../api/errors.ts';
import { nameProblem } from '../../api/names.ts';
import type { Operation, ServeRequest } from '../../api/objects.ts';
import type { Settings } from '../../api/settings.ts';
import type { PinnedModel, PinnedMount, RevisionSpec, ServerKey } from '../../platform/platform.ts';
import { checkNodeGroup } from '../placement/check-node-group.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import { beginRollout } from './begin-rollout.ts';
import { lookUp, type ModelServerContext, objectOf } from './context.ts';
import { addRevision, makeSpec, pinModels, takeCode } from './new-revision.ts';
import { rolloutOperation } from './operations.ts';
import { pinMounts } from './pin-mounts.ts';

/**
 * Creates a model server and starts it. One that never became ready is replaced; any other of the name is an error
 * (`exists`), since an update is what keeps it answering.
 */
export async function serve(context: ModelServerContext, request: ServeRequest): Promise<Operation> {
  const { store, events, author } = context;
  const { key, settings, models, code, mounts } = await checkServe(context, request);
  await context.endpoint.wait();

  const since = events.last();
  store.change(() => {
    const former = refuseExisting(context, key);
    const said: Settings = { ...settings, entrypoint: code.entrypoint };
    const server = addRevision(context, blank(context, key, former), {
      said,
      spec: makeSpec(said, { models, mounts, code }),
      servedFrom: request.code.servedFrom ?? null,
    });
    const message =
      former?.lifecycle === 'running'
        ? 'the model server was created again; the former one never became ready'
        : 'the model server was created';
    events.append({
      type: 'server.created',
      object: objectOf(key),
      message,
      data: { revision: server.lastRevision, creator: author.creator },
    });
    beginRollout(context, server, server.lastRevision);
  });
  context.changed(key);
  return rolloutOperation(context, key, since);
}

/** Checks and stores what a new model server brings along. Throws whatever serving would refuse. */
export async function checkServe(context: ModelServerContext, request: ServeRequest): Promise<Checked> {
  const { 'server-name': nameInSettings, ...settings } = request.settings;
  const models = pinModels(context, settings.model);
  const key = { owner: request.owner ?? 'local', name: request.name ?? nameInSettings ?? onlyModel(models.map(({ name }) => name)) };
  checkNames(key.owner, key.name);
  refuseExisting(context, key);
  checkNodeGroup(settings, await context.nodeGroups());
  const [code, mounts] = await Promise.all([
    takeCode(context, request.code),
    pinMounts(context.resources, context.contents, settings.mounts),
  ]);
  makeSpec(settings, { models, mounts, code });
  return { key, settings, models, code, mounts };
}

interface Checked {
  key: ServerKey;
  settings: Settings;
  models: PinnedModel[];
  code: RevisionSpec['code'];
  mounts: PinnedMount[];
}

/** The record that the first revision is added to. Numbers go on where a former one of the name stopped: its pods may still drain. */
function blank(
  { author, store }: ModelServerContext,
  key: { owner: string; name: string },
  former: ModelServerRecord | undefined,
): ModelServerRecord {
  if (former?.lifecycle === 'removing') store.revisions.removeAll(key);
  const createdAt = author.now().toISOString();
  return {
    ...key,
    lifecycle: 'running',
    lastRevision: former?.lastRevision ?? 0,
    active: null,
    pending: null,
    pods: null,
    createdAt,
    creator: author.creator,
  };
}

/** Throws `exists` for a model server that was ready once; returns what else is stored under the name. */
function refuseExisting(context: ModelServerContext, key: { owner: string; name: string }): ModelServerRecord | undefined {
  const found = lookUp(context, key);
  if (!found) return context.store.modelServers.get(key);
  if (!context.store.revisions.all(key).some(({ activatedAt }) => activatedAt !== null)) return found.server;
  const stopped = found.server.lifecycle === 'running' ? '' : ` (or \`spell server start ${key.name}\`: it is stopped)`;
  throw new SpellError(
    'exists',
    `the model server ${key.name} exists already`,
    `change it with: spell server update ${key.name} …${stopped}`,
  );
}

function onlyModel(models: string[]): string {
  const [model, ...others] = models;
  if (model !== undefined && others.length === 0) return model;
  const why = model === undefined ? 'it has no model to be named after' : 'it has several models';
  throw new SpellError('usage', `the model server needs a name: ${why}`, 'give it one with --name NAME');
}

function checkNames(owner: string, name: string): void {
  const problem = nameProblem('owner', owner) ?? nameProblem('model server', name);
  if (problem) throw new SpellError('bad-name', problem, 'choose another with --name NAME');
}
