import { checkDependencies } from '../dependencies.ts';
import { SpellError } from '../errors.ts';
import type { Client } from '../http/client-types.ts';
import { nameProblem, parseModelRef } from '../names.ts';
import { nearNamesHint } from '../near-names.ts';
import type { Operation, Preview, ServeRequest, UpdateRequest } from '../objects.ts';
import { type SettingKey, type Settings, settingKeys } from '../settings.ts';
import { defaultInterpreter } from './interpreter.ts';
import { readSettings } from './read-settings.ts';
import { pathOf, type SaidSettings } from './said.ts';
import { type SendProgress, sendContents } from './send-contents.ts';
import { type ProjectSnapshot, takeSnapshot } from './snapshot.ts';

/** Where a plan is made: the caller's environment, and SPELL_HOME, which never travels with a project. */
export interface Place {
  env: NodeJS.ProcessEnv;
  home: string;
  /** The interpreter that is selected in the caller's editor, if it has one. */
  selectedPython?: string | undefined;
}

/** A model server that is ready to be served: everything on this side was read and checked, and nothing was sent. */
export interface ServePlan {
  name: string;
  settings: Settings;
  snapshot: ProjectSnapshot;
}

/** An update that is ready to be sent. It has a snapshot when an entrypoint was said: code is only taken then. */
export interface UpdatePlan {
  settings: Settings;
  unset: string[];
  snapshot: ProjectSnapshot | undefined;
  /** The old revision ends before the new one starts. */
  recreate?: boolean;
}

/**
 * Reads and checks what a new model server is to be, and takes its project. Several plans can be made before the
 * first is served, so that one that is wrong leaves nothing half done.
 */
export async function planServe(said: SaidSettings, place: Place): Promise<ServePlan> {
  const { 'server-name': saidName, entrypoint, ...settings } = await readSettings(said, place.env);
  checkModels(settings.model);
  checkDependencies(settings);
  const name = saidName ?? nameAfterModel(settings.model);
  if (entrypoint === undefined) {
    throw new SpellError(
      'usage',
      `the model server ${name} has no entrypoint`,
      "name the predictor's file: spell server serve [MODEL] predictor.py",
    );
  }
  const snapshot = withConfig(await takeSnapshot({ entrypoint, home: place.home }), said);
  const python = settings.python ?? (await defaultInterpreter(entrypoint, snapshot.root, place.env, place.selectedPython));
  return { name, settings: { ...settings, ...(python === undefined ? {} : { python }) }, snapshot };
}

/** Sends what the control plane lacks of the code, and serves it. Resolves when the control plane has taken it over. */
export async function serve(
  client: Client,
  owner: string,
  plan: ServePlan,
  onProgress?: (progress: SendProgress) => void,
): Promise<Operation> {
  await sendPlan(client, plan, onProgress);
  return client.serve({ body: serveRequestOf(owner, plan) });
}

/** Sends what the control plane lacks of the code. Nothing is served by it. */
export function sendPlan(client: Client, { snapshot }: ServePlan, onProgress?: (progress: SendProgress) => void): Promise<void> {
  return sendContents(client, snapshot.files, onProgress);
}

/** What creates the model server of a plan, once its code was sent. */
export function serveRequestOf(owner: string, { name, settings, snapshot: { code } }: ServePlan): ServeRequest {
  return { name, owner, settings: { ...settings, entrypoint: code.entrypoint }, code };
}

/** What makes a model server that is there already like a plan, whatever it was, once the plan's code was sent. */
export function replaceRequestOf({ settings, snapshot: { code } }: ServePlan): UpdateRequest {
  return { settings: { ...settings, entrypoint: code.entrypoint }, code, replace: true };
}

/** Reads and checks what an update says. What it does not say stays as it is, the interpreter too. Throws `usage` when it says nothing. */
export async function planUpdate(name: string, said: SaidSettings, unset: readonly string[], place: Place): Promise<UpdatePlan> {
  const keys = unset.map((text) => unsetKey(text, said));
  const { 'server-name': saidName, entrypoint, ...settings } = await readSettings(said, place.env);
  if (saidName !== undefined && saidName !== name) {
    const hint = 'the name of a model server stays: serve it under the new one, and remove this one';
    throw new SpellError(
      'bad-setting',
      `${said['server-name']?.where ?? 'server-name'} is ${saidName}, but the model server is ${name}`,
      hint,
    );
  }
  checkModels(settings.model);
  if (entrypoint === undefined && keys.length === 0 && Object.keys(settings).length === 0) {
    throw new SpellError(
      'usage',
      `the update of ${name} says nothing that should change`,
      'name what changes; changed code is taken with --entrypoint FILE or --from-file FILE, and without them it stays as it is',
    );
  }
  const snapshot = entrypoint === undefined ? undefined : withConfig(await takeSnapshot({ entrypoint, home: place.home }), said);
  return { settings, unset: keys, snapshot };
}

/** Sends what the control plane lacks of the code, and begins the update. */
export async function update(
  client: Client,
  server: { owner: string; name: string },
  plan: UpdatePlan,
  onProgress?: (progress: SendProgress) => void,
): Promise<Operation> {
  return client.update({ ...server, body: await sendUpdate(client, plan, onProgress) });
}

/** Sends what the control plane lacks of the code, and tells what an update of it would change; nothing is changed. */
export async function previewUpdate(
  client: Client,
  server: { owner: string; name: string },
  plan: UpdatePlan,
  onProgress?: (progress: SendProgress) => void,
): Promise<Preview> {
  return client.previewUpdate({ ...server, body: await sendUpdate(client, plan, onProgress) });
}

async function sendUpdate(
  client: Client,
  { settings, unset, snapshot, recreate }: UpdatePlan,
  onProgress?: (progress: SendProgress) => void,
): Promise<UpdateRequest> {
  if (snapshot) await sendContents(client, snapshot.files, onProgress);
  return {
    settings: snapshot ? { ...settings, entrypoint: snapshot.code.entrypoint } : settings,
    ...(unset.length > 0 ? { unset } : {}),
    ...(snapshot ? { code: snapshot.code } : {}),
    ...(recreate ? { recreate } : {}),
  };
}

function unsetKey(text: string, said: SaidSettings): SettingKey {
  const key = settingKeys.find((each) => each === text.replace(/^--/, '').replaceAll('_', '-'));
  if (key === undefined)
    throw new SpellError('bad-setting', `--unset: there is no setting ${JSON.stringify(text)}`, nearNamesHint(text, settingKeys));
  if (said[key]) throw new SpellError('usage', `${said[key].where} and --unset ${key} exclude each other`, 'leave one of them out');
  return key;
}

function checkModels(models: readonly string[] = []): void {
  for (const text of models) {
    const { name, version } = parseModelRef(text);
    const problem = nameProblem('model', name) ?? (version === undefined ? undefined : nameProblem('version', version));
    if (problem)
      throw new SpellError('bad-name', `the model ${JSON.stringify(text)}: ${problem}`, 'a model is written NAME or NAME:VERSION');
  }
}

/** The snapshot, with the file that its config was read from: only its values travel otherwise. */
function withConfig(snapshot: ProjectSnapshot, said: SaidSettings): ProjectSnapshot {
  const config = pathOf(said, 'config');
  const { code } = snapshot;
  if (config === undefined || !code.servedFrom) return snapshot;
  return { ...snapshot, code: { ...code, servedFrom: { ...code.servedFrom, config } } };
}

/** The name that a model server has by itself: that of its only model. Throws `usage` where there is none. */
export function nameAfterModel(models: readonly string[] = []): string {
  const [model, ...others] = models;
  if (model !== undefined && others.length === 0) return parseModelRef(model).name;
  const why = model === undefined ? 'it has no model to be named after' : `it has ${models.length} models`;
  throw new SpellError('usage', `the model server needs a name: ${why}`, 'give it one with --name NAME (server-name in spell.yaml)');
}
