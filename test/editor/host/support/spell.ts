import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { SpellExports } from '../../../../client/extension.ts';
import type { Client } from '../../../../runtime/api/http/client-types.ts';

function extension(): vscode.Extension<SpellExports> {
  const found = vscode.extensions.getExtension<SpellExports>('spell.spell-model-servers');
  if (!found) throw new Error('the extension is not there');
  return found;
}

/** What the extension gives to others: the control plane's API. */
export async function spellClient(): Promise<Client> {
  return (await extension().activate()).client;
}

/** The home of this window. */
export function home(): string {
  const { SPELL_HOME } = process.env;
  if (!SPELL_HOME) throw new Error('the window has no SPELL_HOME');
  return SPELL_HOME;
}

/** Runs the `spell` command in the window's folder, as somebody does in a terminal. Returns its stdout. */
export async function spell(...args: string[]): Promise<string> {
  const stub = join(extension().extensionPath, 'bin', 'spell.js');
  const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const { stdout } = await promisify(execFile)(process.execPath, [stub, ...args], { env: process.env, ...(cwd ? { cwd } : {}) });
  return stdout;
}

/** Waits until a check holds; for what tells nobody that it changed, like a file. */
export async function eventually<T>(what: string, check: () => Promise<T | undefined>, withinMs: number = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
