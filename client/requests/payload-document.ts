import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { exists } from '../../runtime/api/project/project-root.ts';
import type { Context } from '../context.ts';
import { requestHistory } from './history.ts';
import { prettyJson } from './json-text.ts';
import { payloadUriFor } from './payload-files.ts';

/**
 * The document with a model server's payload. `isNew`: it was made just now, from the request that was sent last, else from
 * what the predictor's code says of its payload, else `{}`; and nobody has looked at it.
 */
export async function payloadDocument(context: Context, server: ModelServer): Promise<{ document: vscode.TextDocument; isNew: boolean }> {
  const uri = await payloadUriFor(context, server);
  const isNew = !(await exists(uri.fsPath));
  if (isNew) {
    const text = await firstPayload(context, server);
    await mkdir(dirname(uri.fsPath), { recursive: true });
    // Somebody else may have made it since: theirs stays.
    await writeFile(uri.fsPath, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return { document: await context.code.workspace.openTextDocument(uri), isNew };
}

/** The payload as it is kept now, without making any; undefined where there is none. What is typed counts before what is saved. */
export async function keptPayload(context: Context, server: ModelServer): Promise<string | undefined> {
  const uri = await payloadUriFor(context, server);
  if (!(await exists(uri.fsPath))) return requestHistory(context, server).all()[0]?.payload ?? undefined;
  return (await context.code.workspace.openTextDocument(uri)).getText();
}

async function firstPayload(context: Context, server: ModelServer): Promise<string> {
  const sent = requestHistory(context, server)
    .all()
    .find(({ payload }) => payload !== null)?.payload;
  if (typeof sent === 'string') return `${sent.trimEnd()}\n`;
  return `${prettyJson(JSON.stringify((await sampleOf(context, server)) ?? {}))}\n`;
}

/** A sample is a help; that there is none keeps nobody from sending. */
async function sampleOf({ code, languageServer, log }: Context, { servedFrom, spec }: ModelServer): Promise<unknown> {
  if (!servedFrom || !(await exists(servedFrom.entrypoint))) return undefined;
  const uri = code.Uri.file(servedFrom.entrypoint).toString();
  const chosen = typeof spec.classname === 'string' ? { classname: spec.classname } : {};
  return languageServer.samplePayload({ uri, ...chosen }).catch((error: unknown) => {
    log.warn(`no sample payload: ${String(error)}`);
    return undefined;
  });
}
