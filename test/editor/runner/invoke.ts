import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import * as vscode from 'vscode';
import type { SpellExports } from '../../../client/extension.ts';
import { measureActivation } from './activation.ts';

/** What a test outside the extension host can ask of it. URIs among the arguments are `{ "$uri": "file:///…" }`. */
export type Invocation =
  | { command: string; args?: unknown[] }
  | { setting: string; value: unknown }
  /** A method of the client that our extension gives to others. */
  | { api: string; input: object }
  /** Activates an extension, and tells what that took. */
  | { activate: string }
  /** What is on the clipboard. */
  | { clipboard: 'text' }
  /** Whether an extension is active. */
  | { active: string };

/** Answers invocations on loopback, and writes the port into a file. Only windows under test load this. */
export function answerInvocations(file: string): vscode.Disposable {
  const server = createServer(async (request, response) => {
    try {
      const result = await answer((await json(request)) as Invocation);
      response.end(JSON.stringify({ result: result ?? null }));
    } catch (error) {
      response.statusCode = 500;
      response.end(JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
    }
  });
  server.listen(0, '127.0.0.1', async () => {
    // A reader never sees half of it.
    await writeFile(`${file}.new`, String((server.address() as AddressInfo).port));
    await rename(`${file}.new`, file);
  });
  return { dispose: () => server.close() };
}

async function answer(invocation: Invocation): Promise<unknown> {
  if ('active' in invocation) return vscode.extensions.getExtension(invocation.active)?.isActive ?? false;
  if ('api' in invocation) {
    const extension = vscode.extensions.getExtension<SpellExports>('spell.spell-model-servers');
    const client = (await extension?.activate())?.client as Record<string, (input: object) => unknown> | undefined;
    return await client?.[invocation.api]?.(invocation.input);
  }
  if ('activate' in invocation) return await measureActivation(invocation.activate);
  if ('clipboard' in invocation) return await vscode.env.clipboard.readText();
  if ('setting' in invocation)
    return await vscode.workspace.getConfiguration().update(invocation.setting, invocation.value, vscode.ConfigurationTarget.Global);
  return await vscode.commands.executeCommand(invocation.command, ...(invocation.args ?? []).map(revived));
}

function revived(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$uri' in value ? vscode.Uri.parse(String(value.$uri)) : value;
}
