import type * as vscode from 'vscode';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { type Place, planServe, planUpdate, serve as sendServe, update as sendUpdate } from '../../runtime/api/project/plan.ts';
import { projectRoot } from '../../runtime/api/project/project-root.ts';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { Context } from '../context.ts';
import type { CheckedOptions, ModelServerTarget, RecreateOptions } from '../contributions.ts';
import { readFor } from '../pick/read-for.ts';
import { entrypointOf } from '../predictors/entrypoint.ts';
import { interpreterOfSetting, selectedInterpreter } from '../python/interpreter.ts';
import { refuseMistakes } from './refuse-mistakes.ts';
import { replaceRevision } from './replace-revision.ts';
import { requireTrust } from './require-trust.ts';
import { rollOut } from './roll-out.ts';

/** The owner of what is served from an editor. */
const owner = 'local';

/**
 * Serves what was said, as `spell server serve` does: what is unsaved in the project is saved, everything is read and checked,
 * and only then anything is sent. Resolves when the endpoint answers.
 */
export async function serveSaid(context: Context, said: SaidSettings, { check }: CheckedOptions): Promise<ModelServer> {
  const { l10n } = context.code;
  requireTrust(context, l10n.t('This window is in restricted mode: nothing is served from it.'));
  await saveProject(context, said);
  const entrypoint = entrypointOf(said);
  const resource = entrypoint === undefined ? undefined : context.code.Uri.file(entrypoint);
  const complete = { ...saidBySetting(context, resource), ...said };
  const plan = await planServe(complete, { ...place(context), selectedPython: await selectedInterpreter(context.code, resource) });
  await refuseMistakes(context, { said: complete, settings: plan.settings, complete: true }, check);
  // Connects, and from then on a failure is heard of.
  await readFor(context, context.inventory.modelServers);
  return rollOut(context, l10n.t('Serving {0}', plan.name), () => sendServe(context.client, owner, plan));
}

/** Updates a model server by what was said and no more, as `spell server update` does; one that is stopped is started with it. */
export async function updateSaid(
  context: Context,
  target: ModelServerTarget,
  said: SaidSettings,
  { check, recreate, unset = [] }: CheckedOptions & RecreateOptions & { unset?: readonly string[] },
): Promise<ModelServer> {
  const { client, code } = context;
  const title = code.l10n.t('Updating {0}', target.name);
  requireTrust(context, code.l10n.t('This window is in restricted mode: nothing is served from it.'));
  await saveProject(context, said);
  const plan = await planUpdate(target.name, said, unset, place(context));
  await refuseMistakes(context, { said, settings: plan.settings, complete: false }, check);
  // Connects, and from then on a failure is heard of.
  await readFor(context, context.inventory.modelServers);
  const updated = await replaceRevision(context, title, { recreate }, (first) => sendUpdate(client, target, { ...plan, recreate: first }));
  return updated.state === 'stopped' ? rollOut(context, title, () => client.start(target)) : updated;
}

function place({ controlPlane }: Context): Place {
  return { env: process.env, home: controlPlane.home };
}

/** Our setting counts where nothing else was said. */
function saidBySetting({ code }: Context, resource: vscode.Uri | undefined): SaidSettings {
  const python = interpreterOfSetting(code, resource);
  return python === undefined ? {} : { python: { value: python, where: 'spell.python.path', folder: '/' } };
}

/** What is served is what lies on the disk. */
async function saveProject({ code: { workspace } }: Context, said: SaidSettings): Promise<void> {
  const entrypoint = entrypointOf(said);
  if (entrypoint === undefined) return;
  const root = await projectRoot(entrypoint);
  const unsaved = workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && uri.fsPath.startsWith(root));
  await Promise.all(unsaved.map((document) => document.save()));
}
