import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';

/** Modules that a predictor imports without having installed them: ours, and what is shipped with it. */
const shippedBeside: Readonly<Record<string, string>> = {
  spell: '.',
  starlette: 'vendor',
  prometheus_client: 'vendor',
};

/** Whether a module, as `spell.serving`, is one that workers bring. */
export function isShipped(module: string): boolean {
  return besideOf(module) !== undefined;
}

/**
 * The folder to search for a shipped module, for tools that only read code. It leads through a link in the extension's own
 * storage, so that the path survives updates of the extension, whose folder is named after its version.
 */
export function importFolder({ extension }: Pick<Context, 'extension'>, module: string): string {
  return join(linkIn(extension.globalStorageUri.fsPath), besideOf(module) ?? '.');
}

/** Makes the link, or leads it to this version of the extension. */
export async function linkPackages({ extension }: Pick<Context, 'extension'>): Promise<void> {
  const storage = extension.globalStorageUri.fsPath;
  const link = linkIn(storage);
  const packages = join(extension.extensionUri.fsPath, 'dist', 'python');
  if ((await readlink(link).catch(() => undefined)) === packages) return;
  await mkdir(storage, { recursive: true });
  await rm(link, { force: true });
  await symlink(packages, link, 'junction').catch(async (error: unknown) => {
    // Another window that came up with this one has made the same.
    if ((await readlink(link).catch(() => undefined)) !== packages) throw error;
  });
}

/**
 * After an update: a link that somebody made before goes on to lead somewhere. So does one that `searched`, the paths of an analyser, name
 * and that is not there: settings come to another machine by themselves, the extension's storage does not.
 */
export async function renewPackages(context: Pick<Context, 'extension'>, searched: readonly string[]): Promise<void> {
  const there = await readlink(linkIn(context.extension.globalStorageUri.fsPath)).catch(() => undefined);
  const isNamed = Object.keys(shippedBeside).some((module) => searched.includes(importFolder(context, module)));
  if (there !== undefined || isNamed) await linkPackages(context);
}

function besideOf(module: string): string | undefined {
  return shippedBeside[module.split('.')[0] ?? ''];
}

function linkIn(storage: string): string {
  return join(storage, 'python');
}
