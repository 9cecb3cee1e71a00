import type * as vscode from 'vscode';
import type { Context } from '../../context.ts';
import type { ServerTarget } from '../../contributions.ts';
import { detailsUri } from '../../details/details-documents.ts';
import { modelServerKey } from '../../inventory/inventory.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { readFor } from '../../pick/read-for.ts';

/** *Spell: Open Details*: all about a model server, as a document that stays up to date. */
export async function openDetails(context: Context, target?: ServerTarget): Promise<vscode.Uri> {
  const { code, inventory } = context;
  const { l10n, window, workspace } = code;
  const wanted = { title: l10n.t('Open the details of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  // Without a list that was read nobody hears that something changed.
  await readFor(context, inventory.modelServers);
  const uri = detailsUri(code, chosen);
  // One that is open already is written anew: requests come and go without an event.
  if (workspace.textDocuments.some((each) => each.uri.toString() === uri.toString()))
    await inventory.modelServers.refresh(modelServerKey(chosen));
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, { preview: true });
  return document.uri;
}
