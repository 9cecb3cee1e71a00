import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import type { SaidSettings } from '../../../runtime/api/project/said.ts';
import type { Context } from '../../context.ts';
import type { FileTarget, ServeOptions } from '../../contributions.ts';
import { requireTrust } from '../../operations/require-trust.ts';
import { serveSaid } from '../../operations/serve.ts';
import { fileOf, saidByFile, saidByValues } from '../../predictors/entrypoint.ts';
import { proposedServing } from '../../predictors/known-serving.ts';
import { lastAnswers } from '../../predictors/last-answers.ts';
import { commandLine, saveSpellYaml } from '../../predictors/written.ts';
import { askServe } from '../../wizard/serve-wizard.ts';
import { offerNext } from './offer-next.ts';

/** *Spell: Serve…*: asks step by step what to serve, shows all of it, and serves it. `options.settings` answers everything. */
export async function serveModelServer(
  context: Context,
  target?: vscode.Uri | FileTarget,
  _targets?: readonly (vscode.Uri | FileTarget)[],
  options: ServeOptions = { check: 'ask' },
): Promise<ModelServer | undefined> {
  const { code } = context;
  const { env, l10n, window } = code;
  requireTrust(context, l10n.t('This window is in restricted mode: nothing is served from it.'));
  const named = fileOf(code, target);
  if (options.settings) {
    const file = named ? saidByFile(named.file, named.classname) : {};
    const folder = named ? dirname(named.file) : (code.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd());
    return serveAndOffer(context, { ...(target ? file : {}), ...saidByValues(options.settings, folder) }, options);
  }
  const { said, action } = await askServe(context, named ? await proposedServing(context, named.file, named.classname) : {});
  if (action === 'copy') {
    await env.clipboard.writeText(commandLine(said));
    void window.showInformationMessage(l10n.t('The command line is on the clipboard. Nothing was served.'));
    return undefined;
  }
  if (action === 'save') await saveSpellYaml(said);
  return serveAndOffer(context, said, options);
}

/** Serves, remembers how, and says where it answers. */
export async function serveAndOffer(context: Context, said: SaidSettings, options: ServeOptions): Promise<ModelServer> {
  const server = await serveSaid(context, said, options);
  await lastAnswers(context).remember(said);
  offerNext(context, server, context.code.l10n.t('{0} answers at {1}/predict', server.name, server.url));
  return server;
}
