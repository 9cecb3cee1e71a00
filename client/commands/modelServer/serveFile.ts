import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { SpellError } from '../../../runtime/api/errors.ts';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { nameAfterModel } from '../../../runtime/api/project/plan.ts';
import type { SaidSettings } from '../../../runtime/api/project/said.ts';
import { readSpellYaml } from '../../../runtime/api/project/spell-yaml.ts';
import type { Context } from '../../context.ts';
import type { CheckedOptions, FileTarget, RecreateOptions } from '../../contributions.ts';
import { requireTrust } from '../../operations/require-trust.ts';
import { updateSaid } from '../../operations/serve.ts';
import { entrypointOf, fileOf } from '../../predictors/entrypoint.ts';
import { knownServing } from '../../predictors/known-serving.ts';
import { answered } from '../cancelled.ts';
import { offerNext } from './offer-next.ts';
import { serveAndOffer, serveModelServer } from './serve.ts';

/**
 * *Spell: Serve This File*: serves a predictor as its `spell.yaml` says, or as it was served last, without a question. What
 * was served from this very file before is updated. Where nothing is known the wizard asks.
 */
export async function serveFile(
  context: Context,
  target?: vscode.Uri | FileTarget,
  _targets?: readonly (vscode.Uri | FileTarget)[],
  options: CheckedOptions & RecreateOptions = { check: 'ask', recreate: 'ask' },
): Promise<ModelServer | undefined> {
  const { code } = context;
  const { l10n } = code;
  requireTrust(context, l10n.t('This window is in restricted mode: nothing is served from it.'));
  const named = (await ofSpellYaml(context, target)) ?? fileOf(code, target);
  if (!named) throw new SpellError('usage', l10n.t('No predictor is open.'), l10n.t("Open the predictor's file first."));
  const said = await knownServing(context, named.file, named.classname);
  if (!said) return serveModelServer(context, target, undefined, options);
  const running = await servedFrom(context, named.file, said);
  if (!running) return serveAndOffer(context, said, options);
  const server = await updateSaid(context, running, said, options);
  offerNext(context, server, l10n.t('Revision {0} of {1} answers.', server.revision, server.name));
  return server;
}

/** The entrypoint of a `spell.yaml`, that somebody picks where it has several; undefined for any other file. */
async function ofSpellYaml({ code }: Context, target?: vscode.Uri | FileTarget): Promise<{ file: string; classname?: string } | undefined> {
  const { l10n, window, workspace, Uri } = code;
  const uri = target instanceof Uri ? target : target ? undefined : window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file' || basename(uri.fsPath) !== 'spell.yaml') return undefined;
  const items = (await readSpellYaml(uri.fsPath)).flatMap(({ said }) => {
    const file = entrypointOf(said);
    const classname = said.classname?.value;
    const label = String(said['server-name']?.value ?? classname ?? file);
    return file === undefined ? [] : [{ label, description: workspace.asRelativePath(file), file, classname }];
  });
  const chosen = items.length > 1 ? await answered(window.showQuickPick(items, { title: l10n.t('Serve from spell.yaml') })) : items[0];
  return chosen && { file: chosen.file, ...(typeof chosen.classname === 'string' ? { classname: chosen.classname } : {}) };
}

/** The model server of the name that was said, where it was served from this file and can be updated. */
async function servedFrom({ client }: Context, file: string, said: SaidSettings): Promise<ModelServer | undefined> {
  const models = Array.isArray(said.model?.value) ? said.model.value : [];
  const name = typeof said['server-name']?.value === 'string' ? said['server-name'].value : nameAfterModel(models);
  const server = await client.describeModelServer({ owner: 'local', name }).catch((error: unknown) => {
    if (error instanceof SpellError && error.code === 'not-found') return undefined;
    throw error;
  });
  return server && server.state !== 'failed' && server.servedFrom?.entrypoint === file ? server : undefined;
}
