import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import { SpellError } from '../../../runtime/api/errors.ts';
import type { Context } from '../../context.ts';
import type { SaveAnswerOptions, ServerTarget } from '../../contributions.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { answered } from '../cancelled.ts';

/** The endings of what predictors answer with, by content type. */
const endings: Record<string, string> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/plain': 'txt',
};

/** *Spell: Save Answer…*: writes the whole body of a model server's last answer to a file, byte for byte. Returns the file. */
export async function saveAnswer(
  context: Context,
  target?: ServerTarget,
  _targets?: readonly ServerTarget[],
  options: SaveAnswerOptions = {},
): Promise<vscode.Uri> {
  const { answers, code } = context;
  const { l10n, window, workspace, Uri } = code;
  const wanted = { title: l10n.t('Save the last answer of'), none: l10n.t('There is no model server.') };
  const chosen = await pickModelServer(context, wanted, target);
  const outcome = answers.of(chosen)?.outcome;
  if (!outcome || outcome instanceof SpellError) {
    throw new SpellError(
      'not-found',
      l10n.t('There is no answer of {0} to save.', chosen.name),
      l10n.t('Send a request, and save while its answer is open.'),
    );
  }
  const ending = endings[outcome.contentType.split(';')[0]?.trim() ?? ''] ?? 'bin';
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const defaultUri = Uri.joinPath(folder, `${chosen.name}-answer.${ending}`);
  const file = options.file ?? (await answered(window.showSaveDialog({ defaultUri })));
  await workspace.fs.createDirectory(file.with({ path: dirname(file.path) }));
  await workspace.fs.writeFile(file, outcome.body);
  return file;
}
