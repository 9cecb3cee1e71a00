import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { exists } from '../../runtime/api/project/project-root.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { isDescribed, type ModelServerEntry } from '../inventory/inventory.ts';

const shared = 'payload.json';
const ending = '.payload.json';

/** Whether a file is named as payloads are: `payload.json`, `NAME.payload.json`. */
export function isPayloadName(file: string): boolean {
  return basename(file) === shared || file.endsWith(ending);
}

/**
 * Whether a file is the payload of a predictor beside it or, among the extension's own files, of a model server that was served
 * elsewhere: others have files of that name, too.
 */
export async function isPayload({ extension }: Context, uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file' || !isPayloadName(uri.fsPath)) return false;
  return uri.path.startsWith(extension.globalStorageUri.path) || (await predictorsOf(uri.fsPath)).length > 0;
}

/**
 * The file that holds the payload for a predictor, beside it: `NAME.payload.json` for `NAME.py`, else the `payload.json` of
 * its folder. Of two that are not there yet, the shared one for a `predictor.py`, which is alone as a rule.
 */
export async function payloadFileFor(predictor: string): Promise<string> {
  const folder = dirname(predictor);
  const stem = basename(predictor, '.py');
  const own = join(folder, stem + ending);
  const common = join(folder, shared);
  if (await exists(own)) return own;
  return stem === 'predictor' || (await exists(common)) ? common : own;
}

/**
 * Where the payload for a model server is kept: beside the predictor that it was served from, else, where that is on another
 * machine or gone, among the extension's own files.
 */
export async function payloadUriFor({ code, extension }: Context, server: ModelServerTarget & ModelServerEntry): Promise<vscode.Uri> {
  const from = isDescribed(server) ? server.servedFrom?.entrypoint : undefined;
  if (from !== undefined && (await exists(from))) return code.Uri.file(await payloadFileFor(from));
  return code.Uri.joinPath(extension.globalStorageUri, 'payloads', `${server.owner}.${server.name}${ending}`);
}

/** The predictors beside a payload's file that it is for. */
export async function predictorsOf(payload: string): Promise<string[]> {
  if (!isPayloadName(payload)) return [];
  const folder = dirname(payload);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.py'));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const isFor = (await payloadFileFor(file)) === payload;
      return isFor && (await readFile(file, 'utf8').catch(() => '')).includes('BasePredictor') ? [file] : [];
    }),
  );
  return found.flat();
}
