import type { ModelServerState } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ModelServerTarget, RemoveOptions, ServerTarget } from '../../contributions.ts';
import { modelServerKey } from '../../inventory/inventory.ts';
import { pickModelServers } from '../../pick/pick-model-servers.ts';
import { confirmRemoval } from '../confirm-removal.ts';

/** States in which nothing of it runs. */
const atRest: readonly ModelServerState[] = ['stopped', 'failed'];

/** *Spell: Remove*: removes model servers for good, after saying what is lost. A running one is stopped first. Returns what was removed. */
export async function removeModelServer(
  context: Context,
  _target?: ServerTarget,
  targets?: readonly ServerTarget[],
  options: RemoveOptions = {},
): Promise<ModelServerTarget[]> {
  const { client, code } = context;
  const { l10n } = code;
  const wanted = { title: l10n.t('Remove a model server'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServers(context, wanted, targets);
  const states = await Promise.all(chosen.map(async (target) => (await client.describeModelServer(target)).state));
  const running = chosen.filter((_, at) => !atRest.includes(states[at] as ModelServerState));
  if (!options.confirmed) await confirm(context, chosen, running);
  for (const { owner, name } of chosen) {
    await client.removeModelServer({
      owner,
      name,
      query: { force: running.some((each) => each.owner === owner && each.name === name) ? 'true' : 'false' },
    });
  }
  return chosen;
}

async function confirm(context: Context, chosen: readonly ModelServerTarget[], running: readonly ModelServerTarget[]): Promise<void> {
  const { l10n } = context.code;
  const names = chosen.map(({ name }) => name).join(', ');
  const question =
    chosen.length === 1 ? l10n.t('Remove the model server {0}?', names) : l10n.t('Remove {0} model servers: {1}?', chosen.length, names);
  const lost = l10n.t('Its endpoint, its revisions and its logs are lost. Models and uploads stay.');
  const still = l10n.t('Still running: {0}. Requests that run finish first.', running.map((each) => modelServerKey(each)).join(', '));
  const more = running.length > 0 ? { lost: `${lost}\n\n${still}`, button: l10n.t('Stop and Remove') } : { lost };
  await confirmRemoval(context, { question, ...more });
}
