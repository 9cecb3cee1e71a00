import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../../scripts/root.ts';
import { outputFolder } from './evidence.ts';

/** Builds the extension that is in every window beside ours, and returns its folder. */
export async function runnerExtension(): Promise<string> {
  const source = join(root, 'test', 'editor', 'runner');
  const folder = join(outputFolder, 'runner');
  await build({
    entryPoints: [join(source, 'extension.ts')],
    outfile: join(folder, 'extension.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22.16',
    external: ['vscode'],
    logLevel: 'warning',
  });
  await copyFile(join(source, 'package.json'), join(folder, 'package.json'));
  return folder;
}
